import type { DeviceId, DeviceMark, RoomId } from '@sotto/protocol';

/** Marks that wait for their turn. Of several marks of one device, only the last that came means anything. */
export class WaitingMarks {
  readonly #newest = new Map<string, DeviceMark>();

  add(room: RoomId, marks: readonly DeviceMark[]): void {
    for (const mark of marks) this.#newest.set(nameOf(room, mark.device), mark);
  }

  /** Those that no later one has replaced. They wait no more. */
  take(room: RoomId, marks: readonly DeviceMark[]): DeviceMark[] {
    return marks.filter((mark) => {
      const name = nameOf(room, mark.device);
      return this.#newest.get(name) === mark && this.#newest.delete(name);
    });
  }
}

const nameOf = (room: RoomId, device: DeviceId) => `${room}/${device}`;

import type { DeviceId, DeviceReceipt, RoomId } from '@sotto/protocol';

/** Receipts that wait for their turn. Of several receipts of one device, only the last that came means anything. */
export class WaitingReceipts {
  readonly #newest = new Map<string, DeviceReceipt>();

  add(room: RoomId, receipts: readonly DeviceReceipt[]): void {
    for (const receipt of receipts) this.#newest.set(nameOf(room, receipt.device), receipt);
  }

  /** Those that no later one has replaced. They wait no more. */
  take(room: RoomId, receipts: readonly DeviceReceipt[]): DeviceReceipt[] {
    return receipts.filter((receipt) => {
      const name = nameOf(room, receipt.device);
      return this.#newest.get(name) === receipt && this.#newest.delete(name);
    });
  }
}

const nameOf = (room: RoomId, device: DeviceId) => `${room}/${device}`;

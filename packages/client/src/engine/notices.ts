import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';
import type { Clock } from '../seams/index.ts';
import type { Alarm, Notice } from '../state.ts';

const KEPT = 50;

/** What the user is told beside the conversations: the newest few, until dismissed. */
export class Notices {
  #list: readonly Notice[] = [];
  readonly #clock: Clock;
  readonly #onChange: () => void;

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Something that broke a rule; told once while it stands. */
  alarm(alarm: Alarm, room: RoomId | null): void {
    const detail = `${alarm.rule}: ${alarm.detail}`;
    const known = this.#list.some((n) => n.kind === 'alarm' && n.room === room && n.detail === detail);
    if (!known) this.#add('alarm', room, alarm.account, detail);
  }

  /** Another device joined this account. */
  newDevice(device: DeviceId): void {
    this.#add('new-device', null, null, '', device);
  }

  /** The local store failed. */
  storage(detail: string): void {
    this.#add('storage', null, null, detail);
  }

  dismiss(id: string): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
    this.#onChange();
  }

  #add(
    kind: Notice['kind'],
    room: RoomId | null,
    account: AccountId | null,
    detail: string,
    device?: DeviceId,
  ): void {
    const at = this.#clock.now();
    const notice = {
      id: crypto.randomUUID(),
      kind,
      room,
      account,
      detail,
      at,
      ...(device ? { device } : {}),
    };
    this.#list = [...this.#list, notice].slice(-KEPT);
    this.#onChange();
  }
}

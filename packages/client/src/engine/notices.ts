import type { DeviceId, RoomId } from '@sotto/protocol';
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
    const { account, kind } = alarm;
    const known = this.#list.some(
      (n) => n.alarm === kind && n.room === room && n.account === account && n.detail === detail,
    );
    if (!known) this.#add({ kind: 'alarm', room, account, detail, alarm: kind });
  }

  /** Another device joined this account. */
  newDevice(device: DeviceId): void {
    this.#add({ kind: 'new-device', room: null, account: null, detail: '', device });
  }

  /** The local store failed. */
  storage(detail: string): void {
    this.#add({ kind: 'storage', room: null, account: null, detail });
  }

  dismiss(id: string): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
    this.#onChange();
  }

  #add(what: Omit<Notice, 'id' | 'at'>): void {
    const notice = { ...what, id: crypto.randomUUID(), at: this.#clock.now() };
    this.#list = [...this.#list, notice].slice(-KEPT);
    this.#onChange();
  }
}

import type { RoomId } from '@sotto/protocol';
import type { Clock, StorageError } from '../seams/index.ts';
import type { Alarm, Notice, NoticeKind } from '../state.ts';
import type { ShownDevice } from './account/devices.ts';
import type { Bus } from './bus.ts';

const KEPT = 50;
const NOWHERE = { room: null, account: null, detail: '' };

/** What the user is told beside the conversations: the newest few, until dismissed. */
export class Notices {
  #list: readonly Notice[] = [];
  #told = 0;
  readonly #clock: Clock;
  readonly #bus: Bus;

  constructor(clock: Clock, bus: Bus) {
    this.#clock = clock;
    this.#bus = bus;
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Something that broke a rule; told once while it stands. */
  alarm(alarm: Alarm, room: RoomId | null): void {
    const detail = `${alarm.rule}: ${alarm.detail}`;
    const { account, kind, rule, code, since } = alarm;
    const known = this.#list.some(
      (n) =>
        n.kind === 'alarm' &&
        n.alarm === kind &&
        n.room === room &&
        n.account === account &&
        n.detail === detail,
    );
    if (known) return;
    this.#add({ kind: 'alarm', alarm: kind, rule, code, since: since ?? null }, { room, account, detail });
  }

  /** Another device joined this account. */
  newDevice({ device, signing }: ShownDevice): void {
    this.#add({ kind: 'new-device', device: { device, signing } });
  }

  /** The local store failed. */
  storage({ code, message }: StorageError): void {
    this.#add({ kind: 'storage', code }, { ...NOWHERE, detail: message });
  }

  dismiss(id: string): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
    this.#changed();
  }

  #add(what: NoticeKind, of: Pick<Notice, 'room' | 'account' | 'detail'> = NOWHERE): void {
    this.#told += 1;
    const notice = { ...what, ...of, id: String(this.#told), at: this.#clock.now() };
    this.#list = [...this.#list, notice].slice(-KEPT);
    this.#changed();
  }

  #changed(): void {
    this.#bus.emit({ type: 'account-changed' });
  }
}

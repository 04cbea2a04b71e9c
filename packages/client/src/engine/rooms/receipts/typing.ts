import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';
import type { Clock } from '../../../seams/index.ts';
import type { Bus } from '../../bus.ts';

const AGAIN = 3_000;
const LAPSES = 6_500;

/** Who types where, as the newest signals say, and when this device last said so itself. */
export class Typing {
  readonly #clock: Clock;
  readonly #bus: Bus;
  readonly #until = new Map<RoomId, Map<AccountId, number>>();
  readonly #told = new Map<RoomId, number>();
  readonly #counters = new Map<string, number>();

  constructor(clock: Clock, bus: Bus) {
    this.#clock = clock;
    this.#bus = bus;
  }

  in(room: RoomId): readonly AccountId[] {
    const now = this.#clock.now();
    return [...(this.#until.get(room) ?? [])].flatMap(([account, until]) => (until > now ? [account] : []));
  }

  /** A signal of another device. */
  heard(
    from: { readonly room: RoomId; readonly account: AccountId; readonly device: DeviceId },
    counter: number,
    on: boolean,
  ): void {
    const { room, account, device } = from;
    const name = `${room}/${device}`;
    if (counter <= (this.#counters.get(name) ?? 0)) return; // attack 5: an old signal again
    this.#counters.set(name, counter);
    const here = this.#until.get(room) ?? new Map<AccountId, number>();
    if (on) here.set(account, this.#clock.now() + LAPSES);
    else here.delete(account);
    this.#until.set(room, here);
    this.#changed(room);
    if (on) this.#clock.after(LAPSES + 20, () => this.#changed(room));
  }

  /** A message from someone ends their typing. */
  stop(room: RoomId, account: AccountId): void {
    if (this.#until.get(room)?.delete(account)) this.#changed(room);
  }

  #changed(room: RoomId): void {
    this.#bus.emit({ type: 'typing', room });
  }

  /** Whether this device should tell the room now: at most every few seconds, and its end only after a beginning. */
  due(room: RoomId, on: boolean): boolean {
    const now = this.#clock.now();
    const last = this.#told.get(room) ?? 0;
    if (on ? now - last < AGAIN : last === 0) return false;
    this.#told.set(room, on ? now : 0);
    return true;
  }
}

import type { AccountId, DeviceId, Presence as PresenceOf } from '@sotto/protocol';

/** A reload does not flicker: offline is told only after this (milliseconds). */
const GRACE = 3_000;

export interface PresenceParts {
  readonly now: () => number;
  readonly grace?: number;
  /** Tells those who may see it. */
  readonly tell: (presence: PresenceOf) => void;
  /** Keeps when the account was last here. */
  readonly keep: (account: AccountId, time: number) => Promise<void>;
}

/** Who is connected to this process. */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #connections = new Map<AccountId, number>();
  readonly #devices = new Map<string, number>();
  readonly #leaving = new Map<AccountId, { timer: NodeJS.Timeout; since: number }>();

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** Connected, or gone for less than the grace. */
  online(): ReadonlySet<AccountId> {
    return new Set([...this.#connections.keys(), ...this.#leaving.keys()]);
  }

  isOnline(account: AccountId): boolean {
    return this.#connections.has(account) || this.#leaving.has(account);
  }

  /** Connected now, without grace. */
  hasDevice(account: AccountId, device: DeviceId): boolean {
    return this.#devices.has(`${account}.${device}`);
  }

  describe(account: AccountId): PresenceOf {
    return { account, online: this.isOnline(account), seen: null };
  }

  connected(account: AccountId, device: DeviceId): void {
    const name = `${account}.${device}`;
    this.#devices.set(name, (this.#devices.get(name) ?? 0) + 1);
    const count = this.#connections.get(account) ?? 0;
    this.#connections.set(account, count + 1);
    const leaving = this.#leaving.get(account);
    if (leaving) {
      clearTimeout(leaving.timer);
      this.#leaving.delete(account);
    } else if (count === 0) {
      this.#parts.tell(this.describe(account));
    }
  }

  async disconnected(account: AccountId, device: DeviceId): Promise<void> {
    const name = `${account}.${device}`;
    const left = (this.#devices.get(name) ?? 1) - 1;
    if (left > 0) this.#devices.set(name, left);
    else this.#devices.delete(name);
    const count = this.#connections.get(account) ?? 0;
    if (count > 1) {
      this.#connections.set(account, count - 1);
      return;
    }
    this.#connections.delete(account);
    const since = this.#parts.now();
    const timer = setTimeout(() => this.#gone(account, since), this.#parts.grace ?? GRACE);
    timer.unref();
    this.#leaving.set(account, { timer, since });
    await this.#parts.keep(account, since);
  }

  /** Ends all timers; nobody is told. */
  close(): void {
    for (const { timer } of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #gone(account: AccountId, since: number): void {
    this.#leaving.delete(account);
    this.#parts.tell({ account, online: false, seen: since });
  }
}

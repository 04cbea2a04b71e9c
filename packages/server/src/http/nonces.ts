import { LIMITS } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { Store } from '../store/store.ts';

/** How long a nonce can come back: from the furthest future a time may lie in to the furthest past. */
const REMEMBERED = 2 * LIMITS.clockSkew;

/**
 * D5, attack 36: what was signed serves once, within minutes. Names are kept in memory: after a restart nothing
 * from before it is taken. A proof dated ahead of the clock could be; its name alone goes to the store.
 */
export class Nonces {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #startedAt: number;
  #recent: Set<string>;
  #older = new Set<string>();
  #turned: number;

  private constructor(store: Store, now: () => number, ahead: readonly string[]) {
    this.#store = store;
    this.#now = now;
    this.#startedAt = now();
    this.#turned = this.#startedAt;
    this.#recent = new Set(ahead);
  }

  /** With those that an earlier run of this server took ahead of their time. */
  static async open(store: Store, now: () => number): Promise<Nonces> {
    return new Nonces(store, now, await store.proofs.after(now()));
  }

  /** @throws Refused 'clock' with the server's time */
  checkTime(time: number): void {
    const at = this.#now();
    if (Math.abs(at - time) > LIMITS.clockSkew || time < this.#startedAt) {
      throw new Refused('clock', undefined, { time: at });
    }
  }

  /** @throws Refused 'replayed' */
  checkFresh(name: string): void {
    if (this.#recent.has(name) || this.#older.has(name)) throw new Refused('replayed');
  }

  /**
   * To be called once the signature is verified, so that nobody can fill the memory; what was signed is acted on
   * only after it. @throws Refused 'replayed'
   */
  async use(name: string, time: number): Promise<void> {
    this.checkFresh(name);
    const at = this.#now();
    if (at - this.#turned > REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Set();
      this.#turned = at;
    }
    this.#recent.add(name);
    if (time > at) await this.#store.proofs.keep(name, time, at);
  }
}

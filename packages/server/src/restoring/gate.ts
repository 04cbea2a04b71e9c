import type { Logger } from 'pino';
import { Refused } from '../refusal.ts';
import type { RestoreStore } from '../store/store.ts';
import { Turns } from './turns.ts';

/**
 * Attack 46: nothing comes back from people's backups unless the operator opened a window for it. The store says so at
 * every request, since the operator's command is another process.
 */
export class RestoreGate {
  /** Of what is brought while it is open. */
  readonly turns = new Turns();
  readonly #store: RestoreStore;
  readonly #now: () => number;
  readonly #log: Logger;
  #told: number | null = null;

  constructor(store: RestoreStore, parts: { now: () => number; log: Logger }) {
    this.#store = store;
    this.#now = parts.now;
    this.#log = parts.log;
  }

  /** Until when it is open; null where it is not. What changed is told to the log. */
  async until(): Promise<number | null> {
    const until = (await this.#store.window(this.#now()))?.until ?? null;
    if (until !== this.#told) {
      if (until === null) this.#log.warn('nothing is taken back from backups any more');
      else this.#log.warn({ until: new Date(until) }, 'people may come back from their backups');
      this.#told = until;
    }
    return until;
  }

  /** @throws Refused 'restore_closed' */
  async demand(): Promise<void> {
    if ((await this.until()) === null) throw new Refused('restore_closed');
  }
}

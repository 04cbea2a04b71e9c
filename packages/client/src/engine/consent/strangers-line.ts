import type { Clock } from '../../seams/index.ts';

/** New rooms read at once, and milliseconds between two after that. */
const AT_ONCE = 20;
const PAUSE = 500;

/**
 * Attack 48: what concerns rooms that were not accepted is worked through in its own line, so that nothing else waits for it;
 * and new ones slowly, so that they take nothing of what the server lets this device ask for.
 */
export class StrangersLine {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #left = AT_ONCE;
  #at = 0;

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** @param fresh a room of which nothing is known here yet */
  enqueue(work: () => Promise<void>, fresh = false): void {
    this.#last = this.#last.then(() => (fresh ? this.#turn().then(work) : work())).catch(this.#onError);
  }

  async #turn(): Promise<void> {
    const now = this.#clock.now();
    this.#left = Math.min(AT_ONCE, this.#left + Math.max(0, now - this.#at) / PAUSE) - 1;
    this.#at = now;
    const wait = Math.ceil(-this.#left * PAUSE);
    if (wait > 0) await new Promise<void>((resolve) => this.#clock.after(wait, resolve));
  }
}

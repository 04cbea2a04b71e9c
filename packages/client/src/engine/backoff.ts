import type { Clock } from '../seams/index.ts';

const FIRST = 250;
const LONGEST = 30_000;

/** Attack 29: a server that says no for ever is asked ever more slowly. The first failure costs no time. */
export class Backoff {
  readonly #clock: Clock;
  #fruitless = 0;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#fruitless = 0;
  }

  /** Waits after a try that changed nothing; `wake` ends it early. */
  async failed(): Promise<void> {
    this.#fruitless += 1;
    if (this.#fruitless === 1) return;
    const ceiling = Math.min(LONGEST, FIRST * 2 ** (this.#fruitless - 1));
    await this.pause(ceiling / 2 + this.#clock.jitter() * (ceiling / 2));
  }

  /** @param milliseconds as the other side asks; never longer than the longest wait of our own */
  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(Math.min(Math.max(0, milliseconds), LONGEST), () => done());
      const done = () => {
        cancel();
        this.#wake = null;
        resolve();
      };
      this.#wake = done;
    });
  }

  wake(): void {
    this.#fruitless = 0;
    this.#wake?.();
  }
}

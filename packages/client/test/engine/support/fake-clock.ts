import type { Clock } from '../../../src/seams/index.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(now = 1_800_000_000_000) {
    this.#now = now;
  }

  /** Delays of what waits now, from now on. */
  get waiting(): number[] {
    return this.#timers.map((timer) => timer.at - this.#now).sort((a, b) => a - b);
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** The middle of what chance could say. */
  jitter(): number {
    return 0.5;
  }

  /** Lets time pass, timer by timer, and lets what they start run as far as it goes. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await settle();
    }
    this.#now = end;
  }
}

const NOTHING = new Uint8Array(1);

/**
 * Lets promises, real storage and real crypto that were started come to rest. The digest queues behind all
 * crypto that was begun before, so a busy machine only takes longer.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) {
    await crypto.subtle.digest('SHA-256', NOTHING);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

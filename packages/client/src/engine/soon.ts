import { isUncertain } from '../error.ts';
import type { RoomContext } from './rooms/context.ts';

const LONGEST = 300_000;

interface Needs extends Pick<RoomContext, 'clock' | 'background'> {
  readonly connection: Pick<RoomContext['connection'], 'online'>;
}

/**
 * Work that follows a change a moment later, once for many. While the server cannot do it, it is tried again, ever more
 * slowly; where offline, the next connection begins with it.
 */
export class Soon {
  readonly #context: Needs;
  readonly #delay: number;
  readonly #work: () => Promise<void>;
  #cancel: (() => void) | null = null;
  #failures = 0;
  #stopped = false;

  /** @param delay milliseconds */
  constructor(context: Needs, delay: number, work: () => Promise<void>) {
    this.#context = context;
    this.#delay = delay;
    this.#work = work;
  }

  schedule(): void {
    this.#after(this.#delay);
  }

  /** Does now what was left for soon. */
  async flush(): Promise<void> {
    if (this.#cancel) await this.run();
  }

  /** Does it now. @throws whatever the work throws; where the server may do it yet, it is tried again by itself */
  async run(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    try {
      await this.#work();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (isUncertain(error)) this.#after(Math.min(LONGEST, this.#delay * 2 ** this.#failures));
      throw error;
    }
  }

  /** Closed: a program that is done must not wait for the next try. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #after(delay: number): void {
    if (this.#stopped) return; // the work may have failed only now
    this.#cancel ??= this.#context.clock.after(delay, () => {
      this.#cancel = null;
      if (this.#context.connection.online) this.#context.background(this.run());
    });
  }
}

import { ClientError } from '../error.ts';

/** Milliseconds without a byte after which a transfer counts as cut. */
const STALLED = 30_000;

/** Ends a transfer in which nothing moves any more: a dead network never says so. */
export class Stall {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onAbort = () => this.#controller.abort(this.#outer.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param outer ends it too */
  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.#onAbort();
    outer.addEventListener('abort', this.#onAbort);
    this.moved();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  moved(): void {
    this.pause();
    this.#timer = setTimeout(() => this.#controller.abort(), STALLED);
  }

  pause(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.pause();
    this.#outer.removeEventListener('abort', this.#onAbort);
  }

  /** What a failure is to the engine: its own wish, or a server that does not answer. */
  reason(cause: unknown): unknown {
    this.end();
    if (this.#outer.aborted) return this.#outer.reason;
    return cause instanceof ClientError ? cause : new ClientError('unreachable', { cause });
  }
}

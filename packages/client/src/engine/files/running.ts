import type { FileId } from '@sotto/protocol';

/** Why work on a file ended before its end. */
export class Stopped extends Error {
  readonly why: 'held' | 'given-up' | 'closed';
  constructor(why: Stopped['why']) {
    super(`the transfer was ended: ${why}`);
    this.name = 'Stopped';
    this.why = why;
  }
}

/** What goes on with which file in this tab, so that it can be ended. */
export class Running {
  readonly #controllers = new Map<FileId, AbortController>();
  readonly #work = new Set<Promise<unknown>>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  has(file: FileId): boolean {
    return this.#controllers.has(file);
  }

  files(): FileId[] {
    return [...this.#controllers.keys()];
  }

  /** @throws Stopped where everything was ended before */
  async run<T>(file: FileId, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Stopped('closed');
    const controller = new AbortController();
    this.#controllers.set(file, controller);
    const running = work(controller.signal);
    this.#work.add(running);
    try {
      return await running;
    } finally {
      this.#work.delete(running);
      if (this.#controllers.get(file) === controller) this.#controllers.delete(file);
    }
  }

  stop(file: FileId, why: Stopped['why']): void {
    this.#controllers.get(file)?.abort(new Stopped(why));
  }

  /** Ends everything; resolves once nothing touches a file any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const file of this.files()) this.stop(file, 'closed');
    await Promise.allSettled(this.#work);
  }
}

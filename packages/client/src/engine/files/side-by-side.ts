/** So many uses at once, each given back. */
export class Lines {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(lines: number) {
    this.#free = lines;
  }

  /** @returns what gives the line back; undefined where `signal` ended the wait */
  async take(signal: AbortSignal): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#turn(signal))) return undefined;
    return () => this.#give();
  }

  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (taken: boolean) => {
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(enter);
        resolve(taken);
      };
      const giveUp = () => settle(false);
      const enter = () => settle(true);
      signal.addEventListener('abort', giveUp);
      this.#waiting.add(enter);
    });
  }

  #give(): void {
    for (const enter of this.#waiting) {
      enter();
      return;
    }
    this.#free += 1;
  }
}

interface Work<Item> {
  readonly items: readonly Item[];
  /** What may go on besides the first. */
  readonly lines: Lines;
  readonly signal: AbortSignal;
  run(item: Item, signal: AbortSignal): Promise<void>;
}

/**
 * Works through all items: always on one of them, on more as far as lines are free. The first failure ends the others, and is
 * thrown once they have ended.
 */
export async function sideBySide<Item>({ items, lines, signal, run }: Work<Item>): Promise<void> {
  const left = items.values();
  const ended = new AbortController();
  const end = (why: unknown) => ended.abort(why);
  const stop = () => end(signal.reason);
  /** Nothing is left to begin: nobody waits for a line any more. */
  const begun = new AbortController();
  const work = async () => {
    for (const item of left) {
      ended.signal.throwIfAborted();
      await run(item, ended.signal);
    }
    begun.abort();
  };
  const more = async () => {
    const giveBack = await lines.take(begun.signal);
    try {
      if (giveBack) await work();
    } finally {
      giveBack?.();
    }
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let failed: { readonly why: unknown } | undefined;
  const fail = (why: unknown) => {
    failed ??= { why };
    begun.abort();
    end(why);
  };
  try {
    await Promise.all([work(), ...items.slice(1).map(more)].map((each) => each.catch(fail)));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (failed) throw failed.why;
}

import type { LimitFunction } from 'p-limit';

interface Work<Item> {
  readonly items: readonly Item[];
  /** Shared with others: what may go on besides the first. */
  readonly more: LimitFunction;
  readonly signal: AbortSignal;
  run(item: Item, signal: AbortSignal): Promise<void>;
}

/**
 * Works through all items: always on one of them, on more as far as `more` has places. The first failure ends the others, and
 * is thrown once they have ended.
 */
export async function sideBySide<Item>({ items, more, signal, run }: Work<Item>): Promise<void> {
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const left = items.values();
  const begun: Promise<void>[] = [];
  const work = async () => {
    for (const item of left) {
      ended.throwIfAborted();
      await run(item, ended);
    }
  };
  const begin = () => {
    const ending = work().catch((why) => failed.abort(why));
    begun.push(ending);
    return ending;
  };
  const first = begin();
  let over = false;
  for (const _ of items.slice(1)) void more(() => (over ? undefined : begin()));
  await first; // nothing is left to begin: who still waits for a place is not waited for
  over = true;
  await Promise.all(begun);
  failed.signal.throwIfAborted();
}

import pLimit, { type LimitFunction } from 'p-limit';
import { expect, test } from 'vitest';
import { sideBySide } from '../../src/engine/files/side-by-side.ts';
import { planParts } from '../../src/engine/files/upload-parts.ts';

const MIB = 1_048_576;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Work that ends when the test says so. */
function bench(more: LimitFunction, items: readonly string[]) {
  const going = new Map<string, PromiseWithResolvers<void>>();
  const ended: unknown[] = [];
  const controller = new AbortController();
  const done = sideBySide({
    items,
    more,
    signal: controller.signal,
    run: (item, signal) => {
      const work = Promise.withResolvers<void>();
      going.set(item, work);
      signal.addEventListener('abort', () => {
        ended.push(signal.reason);
        work.reject(signal.reason);
      });
      return work.promise.finally(() => going.delete(item));
    },
  });
  done.catch(() => undefined); // each test looks at it in its own time
  return { going, ended, controller, done, now: () => [...going.keys()] };
}

test('[M6] a file of some size goes up in three parts that are all of it, smaller ones in one', () => {
  for (const size of [8 * MIB, 8 * MIB + 1, 200 * MIB + 17, 5 * 1_024 * MIB + 81_920]) {
    const parts = planParts(size, 8);
    expect(parts).toHaveLength(3);
    expect(parts.map(({ from }) => from)).toEqual([0, ...parts.slice(0, -1).map(({ to }) => to)]);
    expect(parts.at(-1)?.to).toBe(size);
    for (const { from, to } of parts) expect(to - from).toBeLessThan(size / 3 + 2 * MIB);
    expect(new Set(parts.map(({ part }) => part)).size).toBe(3);
  }
  expect(planParts(200 * MIB, 2)).toHaveLength(2);
  expect(planParts(8 * MIB - 1, 8)).toEqual([]);
  for (const most of [0, 1]) expect(planParts(200 * MIB, most), 'a server that takes no parts').toEqual([]);
});

test('[M6] large files share the further connections; each keeps one of its own', async () => {
  const lines = pLimit(2);
  const first = bench(lines, ['a', 'b', 'c']);
  await turn();
  expect(first.now()).toEqual(['a', 'b', 'c']);
  const second = bench(lines, ['d', 'e', 'f']);
  await turn();
  expect(second.now()).toEqual(['d']); // never held up by a file that takes an hour
  first.going.get('b')?.resolve();
  await turn();
  expect(second.now()).toEqual(['d', 'e']);
  first.going.get('c')?.resolve();
  await turn();
  expect(second.now()).toEqual(['d', 'e', 'f']);
  first.going.get('a')?.resolve();
  await first.done;
  for (const work of second.going.values()) work.resolve();
  await second.done;
});

test('[M6] with one connection the parts go one after another, and waiting for more holds nothing up', async () => {
  const lines = pLimit(1);
  const busy = bench(lines, ['x', 'y']);
  await turn();
  const alone = bench(lines, ['a', 'b']);
  for (const item of ['a', 'b']) {
    await turn();
    expect(alone.now()).toEqual([item]);
    alone.going.get(item)?.resolve();
  }
  await alone.done; // the line is still taken
  expect(busy.now()).toEqual(['x', 'y']);
  for (const work of busy.going.values()) work.resolve();
  await busy.done;
});

test('[M6] the first failure ends all parts and is what is told; their lines are free again', async () => {
  const lines = pLimit(2);
  const failing = bench(lines, ['a', 'b', 'c']);
  await turn();
  failing.going.get('b')?.reject(new Error('the line broke'));
  await expect(failing.done).rejects.toThrow('the line broke');
  expect(failing.now()).toEqual([]);
  expect(failing.ended).toHaveLength(3);

  const held = bench(lines, ['a', 'b', 'c']);
  await turn();
  expect(held.now()).toEqual(['a', 'b', 'c']);
  held.controller.abort(new Error('held'));
  await expect(held.done).rejects.toThrow('held');
  expect(held.ended.map(String)).toEqual(['Error: held', 'Error: held', 'Error: held']);

  const late = bench(lines, ['a']);
  late.controller.abort(new Error('closed'));
  await expect(late.done).rejects.toThrow('closed');
});

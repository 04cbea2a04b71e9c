import type { FileId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UploadLocks } from '../src/files/locks.ts';

const [ONE, TWO] = ['one', 'two'] as FileId[] as [FileId, FileId];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A request that works until it has to make way. */
function request(locks: UploadLocks, upload: FileId, name: string, log: string[]) {
  return locks.run(upload, async (makeWay) => {
    log.push(`${name} in`);
    await new Promise((resolve) => makeWay.addEventListener('abort', resolve, { once: true }));
    log.push(`${name} out`);
  });
}

test('one after the other in their order, each ended by who waits behind it; another upload does not wait', async () => {
  const [locks, log]: [UploadLocks, string[]] = [new UploadLocks(), []];
  const first = request(locks, ONE, 'a', log);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(log).toEqual(['a in']);
  const all = [first, ...['b', 'c'].map((name) => request(locks, ONE, name, log))];
  expect(await locks.run(TWO, async () => 'done')).toBe('done');
  const last = locks.run(ONE, async () => log.push('last'));
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all([...all, last]);
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out', 'last']);
});

test('[attack 37] who does not make way keeps others waiting for ten seconds, and four at most; then it goes on', async () => {
  const locks = new UploadLocks();
  const stuck = Promise.withResolvers<void>();
  const first = locks.run(ONE, () => stuck.promise);
  const waiting = Array.from({ length: 4 }, () => locks.run(ONE, async () => 'in').catch(({ code }) => code));
  await expect(locks.run(ONE, async () => 'in')).rejects.toMatchObject({ code: 'busy' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.all(waiting)).toEqual(['busy', 'busy', 'busy', 'busy']);
  const next = locks.run(ONE, async () => 'in');
  stuck.resolve();
  await first;
  expect(await next).toBe('in');
});

test('what fails inside lets the next one in', async () => {
  const locks = new UploadLocks();
  const broken = locks.run(ONE, () => Promise.reject(new Error('broken')));
  const next = locks.run(ONE, async () => 'in');
  await expect(broken).rejects.toThrow('broken');
  expect(await next).toBe('in');
});

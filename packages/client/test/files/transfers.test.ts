import { randomBytes } from '@sotto/crypto';
import { type FileId, idFromBytes } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Transfers } from '../../src/engine/files/transfers.ts';
import { FakeClock } from '../engine/support/fake-clock.ts';

const file = idFromBytes<FileId>(randomBytes(16));
const up = (done: number, state: 'running' | 'waiting' = 'running') =>
  ({ direction: 'up', state, done, total: 1_000 }) as const;

test('progress is told a few times a second at most, and the last word is the last', async () => {
  const clock = new FakeClock();
  const transfers = new Transfers(clock);
  let changes = 0;
  transfers.subscribe(() => {
    changes += 1;
  });
  for (let done = 0; done < 1_000; done += 1) {
    transfers.set(file, up(done));
    if (done % 10 === 0) await clock.pass(1);
  }
  expect(changes).toBeLessThanOrEqual(2);
  await clock.pass(1_000);
  expect(transfers.state.get(file)?.done).toBe(999);
  const before = changes;
  await clock.pass(10_000);
  expect(changes).toBe(before);
  transfers.remove(file);
  await clock.pass(200);
  expect(transfers.state.size).toBe(0);
});

test('the rate is that of the last seconds, and unknown where nothing moves', async () => {
  const clock = new FakeClock();
  const transfers = new Transfers(clock);
  transfers.set(file, up(0));
  expect(transfers.state.get(file)?.rate).toBe(0);
  for (let second = 1; second <= 10; second += 1) {
    await clock.pass(1_000);
    transfers.set(file, up(second * 50));
  }
  await clock.pass(200);
  expect(transfers.state.get(file)?.rate).toBe(50);
  transfers.mark(file, 'waiting');
  await clock.pass(200);
  expect(transfers.state.get(file)).toMatchObject({ state: 'waiting', rate: 0, done: 500 });
});

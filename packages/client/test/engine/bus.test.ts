import { expect, test } from 'vitest';
import { Bus } from '../../src/engine/bus.ts';
import { ROOM } from './support/rows.ts';

function made() {
  const failed: unknown[] = [];
  const bus = new Bus((work) => void work.catch((error: unknown) => failed.push(error)));
  return { bus, failed };
}

test('all who listen hear at once, in the order in which they began to, and nobody else', () => {
  const { bus } = made();
  const heard: string[] = [];
  for (const name of ['first', 'second']) bus.on('typing', ({ room }) => heard.push(`${name} ${room}`));
  bus.on('receipts', () => heard.push('another'));
  bus.emit({ type: 'typing', room: ROOM });
  expect(heard).toEqual([`first ${ROOM}`, `second ${ROOM}`]);
});

test('what a listener throws, now or later, is told and keeps no other from hearing', async () => {
  const { bus, failed } = made();
  let heard = 0;
  bus.on('decided', () => {
    throw new Error('now');
  });
  bus.on('decided', () => Promise.reject(new Error('later')));
  bus.on('decided', () => {
    heard += 1;
  });
  bus.emit({ type: 'decided' });
  expect(heard).toBe(1);
  await new Promise((resolve) => setTimeout(resolve));
  expect(failed).toEqual([new Error('now'), new Error('later')]);
});

test('who waits goes on once all are done, and fails with the first that did; the others are told', async () => {
  const { bus, failed } = made();
  const steps: string[] = [];
  bus.on('begun', () => Promise.reject(new Error('first')));
  bus.on('begun', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    steps.push('slow');
  });
  bus.on('begun', () => Promise.reject(new Error('second')));
  await expect(bus.settle({ type: 'begun', room: ROOM })).rejects.toThrow('first');
  expect(steps).toEqual(['slow']);
  expect(failed).toEqual([new Error('second')]);
  await bus.settle({ type: 'typing', room: ROOM });
});

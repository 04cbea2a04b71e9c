import { expect, test } from 'vitest';
import { createInProcessBus } from '../src/bus/in-process.ts';
import { busContract } from './bus-contract.ts';

busContract('in process', async () => ({
  bus: createInProcessBus(() => undefined),
  settle: async () => undefined,
}));

test('what a subscriber throws is reported', () => {
  const errors: unknown[] = [];
  const bus = createInProcessBus((error) => errors.push(error));
  bus.subscribe('everyone', () => {
    throw new Error('mine');
  });
  bus.publish('everyone', { type: 'frame', frame: { t: 'people', people: [] } });
  expect(errors).toEqual([new Error('mine')]);
});

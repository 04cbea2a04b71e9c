import { expect, test } from 'vitest';
import { FLOOD_KINDS, measureFlood } from '../../bench/floods/measure.ts';

/** How long a pair waits meanwhile is measured, and held against its target, by `npm run bench -- floods`. */
test.each(FLOOD_KINDS)('[attack 37] during a flood (%s) a well-behaved pair loses nothing', async (kind) => {
  const { thrown, messages } = await measureFlood(kind, 2);
  expect(thrown).toBeGreaterThan(50);
  expect(messages).toBeGreaterThan(40);
});

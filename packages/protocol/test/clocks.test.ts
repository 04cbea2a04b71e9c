import { expect, test } from 'vitest';
import { isDated, LIMITS } from '../src/index.ts';

test('[R1] [attack 40] what is dated lies within ten minutes of its entry, before or behind it', () => {
  expect(LIMITS.headerSkew).toBe(10 * 60_000);
  const time = 1_790_000_000_000;
  const off = [0, 1, LIMITS.headerSkew, LIMITS.headerSkew + 1, LIMITS.time - time];
  expect(off.map((by) => isDated(time + by, time))).toEqual([true, true, true, false, false]);
  expect(off.map((by) => isDated(time - by, time))).toEqual([true, true, true, false, false]);
  expect([isDated(0, 0), isDated(LIMITS.time, LIMITS.time)]).toEqual([true, true]);
});

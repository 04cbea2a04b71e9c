import { expect, test } from 'vitest';
import { isKeyAlive, LIMITS, succession } from '../src/index.ts';

test('[K2] [attack 43] of the keys of one device only one that begins later takes the place of the known one', () => {
  const known = { notBefore: 10, hash: 'a' };
  expect(succession(undefined, known)).toBe('newer');
  expect(succession(known, known)).toBe('same');
  expect(succession(known, { notBefore: 11, hash: 'b' })).toBe('newer');
  expect(succession(known, { notBefore: 10, hash: 'b' })).toBe('older');
  expect(succession(known, { notBefore: 9, hash: 'b' })).toBe('older');
});

test('[K2] [attack 12] a key lives from its beginning, as far as clocks may differ, up to its end', () => {
  const [notBefore, notAfter] = [1_000_000_000, 2_000_000_000];
  const alive = (now: number) => isKeyAlive({ notBefore, notAfter }, now);
  const earliest = notBefore - LIMITS.lifetimeSkew;
  expect([earliest - 1, earliest, notAfter, notAfter + 1].map(alive)).toEqual([false, true, true, false]);
});

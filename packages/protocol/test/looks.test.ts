import { describe, expect, it } from 'vitest';
import { looksOf } from '../src/names/skeleton.ts';

const alike = (a: string, b: string) => {
  const [one, other] = [looksOf(a), looksOf(b)];
  return one.written === other.written || one.small === other.small;
};

describe('[attack 49] what names look like (UTS 39)', () => {
  it.each([
    ['Alice', 'AIice'],
    ['pay', 'рау'],
    ['Ann', 'Αnn'],
    ['mia', 'rnia'],
    ['Bob', 'B0b'.replace('0', 'о')],
    ['Gal·la', 'Gal・la'],
    ['scope', 'ѕсоре'],
    ['علیرضا', 'علی\u200cرضا'],
    ['Zoë', 'Zoe\u0308'],
  ])('%j and %j look alike', (a, b) => {
    expect(alike(a, b)).toBe(true);
  });

  it.each([
    ['Alice', 'Alicia'],
    ['Zoe', 'Zoë'],
    ['Anna Maria', 'AnnaMaria'],
    ['李', '季'],
  ])('%j and %j do not', (a, b) => {
    expect(alike(a, b)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import {
  parseValue,
  toBase64Url,
  WORK,
  WorkDoneSchema,
  WorkSchema,
  workBits,
  workInput,
  workTry,
  zeroBits,
} from '../src/index.ts';
import { bytes } from './samples.ts';

describe('[attack 51] work in place of a lock', () => {
  it('costs nothing at first, then a little, then more, and never too much', () => {
    expect([0, 9, 9.99].map(workBits)).toEqual([0, 0, 0]);
    expect([10, 39, 40, 159, 160, 640, 2_560, 10_240, 1e6, 1e12].map(workBits)).toEqual([
      16, 16, 17, 17, 18, 19, 20, 21, 21, 21,
    ]);
  });

  it('counts the zero bits that a hash begins with', () => {
    for (let bit = 0; bit < 256; bit += 1) {
      const hash = new Uint8Array(32);
      hash[bit >> 3] = 0x80 >> (bit & 7);
      hash[31] = (hash[31] ?? 0) | 1;
      expect(zeroBits(hash)).toBe(bit);
    }
    expect(zeroBits(new Uint8Array(32))).toBe(256);
  });

  it('is bound to the challenge and to the request', () => {
    const seed = toBase64Url(bytes(1, 23));
    const input = workInput({ seed }, 'abc');
    expect(new TextDecoder().decode(input.subarray(0, 14))).toBe('sotto/v1/work\0');
    expect(input).toHaveLength(14 + 23 + 3);
    expect(workInput({ seed }, 'abd')).not.toEqual(input);
    expect(workInput({ seed: toBase64Url(bytes(2, 23)) }, 'abc')).not.toEqual(input);
    expect(workTry(bytes(3, 32), bytes(4, 8))).toEqual(Uint8Array.from([...bytes(3, 32), ...bytes(4, 8)]));
  });

  it('[attack 17] more than a client would do is no challenge', () => {
    const seed = toBase64Url(bytes(1, 23));
    expect(parseValue(WorkSchema, { seed, bits: WORK.most }).ok).toBe(true);
    for (const bits of [0, 0.5, WORK.most + 1, 2 ** 53]) {
      expect(parseValue(WorkSchema, { seed, bits }).ok).toBe(false);
    }
    expect(parseValue(WorkDoneSchema, { seed, nonce: toBase64Url(bytes(1, 8)) }).ok).toBe(true);
    expect(parseValue(WorkDoneSchema, { seed, nonce: toBase64Url(bytes(1, 9)) }).ok).toBe(false);
  });
});

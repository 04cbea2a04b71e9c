import { describe, expect, it } from 'vitest';
import {
  concat,
  flawOfKemKey,
  isSignature,
  isSigningKey,
  KEM_KEY_BYTES,
  ML_KEM_KEY_BYTES,
  parseValue,
  signingKeySchema,
  toBase64Url,
} from '../src/index.ts';
import { bytes, kemKey } from './samples.ts';

const hex = (text: string) => Uint8Array.fromHex(text);
/** RFC 8032 §7.1, test 1. */
const KEY = hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
const SIGNATURE = hex(
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
);
const ORDER = hex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** Every encoding of the eight points of small order that some verifier takes, those of no minimal form included. */
const SMALL = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
].map(hex);

describe('[attack 19, 47] what may be an Ed25519 key or signature', () => {
  it('takes those of the standard', () => {
    expect([isSigningKey(KEY), isSignature(SIGNATURE)]).toEqual([true, true]);
  });

  it.each(SMALL.map((point) => [point.toHex(), point]))(
    '%s is neither a key nor the R of a signature',
    (_, point) => {
      expect(isSigningKey(point)).toBe(false);
      expect(isSignature(concat(point, SIGNATURE.subarray(32)))).toBe(false);
      expect(parseValue(signingKeySchema('key'), toBase64Url(point)).ok).toBe(false);
    },
  );

  it('every y from p on is another’s encoding', () => {
    for (let low = 0xed; low <= 0xff; low++) {
      for (const high of [0x7f, 0xff]) {
        const key = bytes(0xff);
        key.set([low]);
        key.set([high], 31);
        expect(isSigningKey(key), key.toHex()).toBe(false);
      }
    }
    const largest = bytes(0xff);
    largest.set([0xeb]);
    largest.set([0x7f], 31);
    expect(isSigningKey(largest)).toBe(true); // p − 2
  });

  it('S is below the order of the group', () => {
    const r = SIGNATURE.subarray(0, 32);
    const less = ORDER.slice();
    less.set([(ORDER[0] ?? 0) - 1]);
    expect(isSignature(concat(r, less))).toBe(true);
    for (const s of [ORDER, bytes(0xff), hex(`${'00'.repeat(31)}20`)])
      expect(isSignature(concat(r, s))).toBe(false);
  });

  it('of another length they are nothing', () => {
    for (const length of [0, 31, 33, 64]) expect(isSigningKey(bytes(2, length))).toBe(false);
    for (const length of [0, 32, 63, 65]) expect(isSignature(bytes(2, length))).toBe(false);
  });
});

describe('[attack 13, 19, 47] what may be an exchange key', () => {
  const changed = (edit: (key: Uint8Array<ArrayBuffer>) => void) => {
    const key = kemKey(3);
    edit(key);
    return key;
  };

  it('takes one in form, and any length of its own only', () => {
    expect(flawOfKemKey(kemKey(3))).toBeUndefined();
    for (const length of [0, ML_KEM_KEY_BYTES, KEM_KEY_BYTES - 1, KEM_KEY_BYTES + 1])
      expect(flawOfKemKey(bytes(3, length))).toContain('expected');
  });

  it.each([
    ['a coefficient of q, in the lower bits', (k) => k.set([0x01, 0x0d, 0]), 'below q'],
    ['a coefficient of q, in the upper bits', (k) => k.set([0, 0x10, 0xd0]), 'below q'],
    ['an empty vector', (k) => k.fill(0, 0, 1_152), 'empty'],
    ['an even modulus', (k) => k.set([2], KEM_KEY_BYTES - 6), 'even'],
    ['a short modulus', (k) => k.set([0x7f], ML_KEM_KEY_BYTES + 9), '3072 bits'],
    ['another head', (k) => k.set([0x31], ML_KEM_KEY_BYTES), 'DER'],
    ['exponent 1', (k) => k.set([0, 0, 1], KEM_KEY_BYTES - 3), '65537'],
    ['exponent 65536', (k) => k.set([1, 0, 0], KEM_KEY_BYTES - 3), '65537'],
  ] satisfies [string, (key: Uint8Array<ArrayBuffer>) => void, string][])('%s is told', (_, edit, said) => {
    expect(flawOfKemKey(changed(edit))).toContain(said);
  });
});

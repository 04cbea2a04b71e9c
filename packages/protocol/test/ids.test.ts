import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AccountIdSchema,
  blobSchema,
  compareBytes,
  concat,
  equalBytes,
  fromBase64Url,
  hash32Schema,
  idBytes,
  idFromBytes,
  parseAccountId,
  parseValue,
  toBase64Url,
  u32,
  u64,
} from '../src/index.ts';
import { type account, bytes } from './samples.ts';

const any = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('base64url', () => {
  it('every byte string comes back from its one text', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (given) => {
        const text = toBase64Url(given);
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
        expect(fromBase64Url(text)).toEqual(new Uint8Array(given));
      }),
    );
  });

  it('any text is the one text of its bytes, or refused', () => {
    const alphabet = fc.constantFrom(...'ABQgw048xyz_-=+/ \n');
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        const decoded = fromBase64Url(text);
        const accepted = parseValue(blobSchema('blob', 100, 0), text).ok;
        expect(accepted).toBe(decoded !== undefined);
        if (decoded) expect(toBase64Url(decoded)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA=', '+/', 'A A', 'AAAA\n', 'ä'])('refuses %j', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe('ids', () => {
  it('are 16 bytes as 22 characters, both ways', () => {
    fc.assert(
      fc.property(any(16), (given) => {
        const id = idFromBytes(given);
        expect(id).toHaveLength(22);
        expect(parseAccountId(id)).toBe(id);
        expect(idBytes(id)).toEqual(new Uint8Array(given));
      }),
    );
  });

  it.each(['', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}B`, `${'A'.repeat(21)}=`, 7, null])(
    'refuse %j',
    (text) => {
      expect(parseValue(AccountIdSchema, text).ok).toBe(false);
      expect(() => parseAccountId(text)).toThrow();
    },
  );

  it('of another length are the caller’s error', () => {
    expect(() => idFromBytes(bytes(1, 15))).toThrow(TypeError);
    expect(() => idBytes('AAAA' as ReturnType<typeof account>)).toThrow(TypeError);
  });
});

describe('[attack 29] blobs are bounded', () => {
  it.each([1, 2, 3, 31, 32, 33, 64, 1_000])('exactly at %i bytes', (length) => {
    const accepts = (size: number, max: number, min: number) =>
      parseValue(blobSchema('blob', max, min), toBase64Url(bytes(1, size))).ok;
    expect(accepts(length, length, length)).toBe(true);
    expect(accepts(length + 1, length, 0)).toBe(false);
    expect(accepts(length - 1, length, length)).toBe(false);
  });

  it('hashes have 32 bytes', () => {
    const schema = hash32Schema('hash');
    expect(parseValue(schema, toBase64Url(bytes(1))).ok).toBe(true);
    expect(parseValue(schema, toBase64Url(bytes(1, 31))).ok).toBe(false);
    expect(parseValue(schema, toBase64Url(bytes(1, 33))).ok).toBe(false);
    expect(parseValue(schema, `${toBase64Url(bytes(1)).slice(0, 42)}B`).ok).toBe(false);
  });
});

describe('byte helpers', () => {
  it('integers are big-endian and refuse what does not fit', () => {
    expect(u64(258).toHex()).toBe('0000000000000102');
    expect(u64(Number.MAX_SAFE_INTEGER).toHex()).toBe('001fffffffffffff');
    expect(u32(258).toHex()).toBe('00000102');
    for (const bad of [-1, 1.5, 2 ** 53, Number.NaN]) expect(() => u64(bad)).toThrow(RangeError);
    for (const bad of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => u32(bad)).toThrow(RangeError);
  });

  it('order and equality agree', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
        expect(equalBytes(a, b)).toBe(compareBytes(a, b) === 0);
        expect(Math.sign(compareBytes(a, b))).toBe(-Math.sign(compareBytes(b, a)) + 0);
        expect(concat(a, b)).toHaveLength(a.length + b.length);
      }),
    );
  });
});

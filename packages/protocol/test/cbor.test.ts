import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor } from '../src/index.ts';

const hex = (text: string) => Uint8Array.fromHex(text);

describe('deterministic CBOR', () => {
  // RFC 8949, appendix A
  it.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1_000_000, '1a000f4240'],
    [9_007_199_254_740_991, '1b001fffffffffffff'],
    [-1, '20'],
    [false, 'f4'],
    [true, 'f5'],
    [null, 'f6'],
    ['', '60'],
    ['ü', '62c3bc'],
    [[1, [2, 3]], '8201820203'],
    [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
    [hex('01020304'), '4401020304'],
  ] as [CborValue, string][])('%j is %s', (value, encoded) => {
    expect(encodeCbor(value).toHex()).toBe(encoded);
    expect(decodeCbor(hex(encoded))).toEqual(value);
  });

  it('sorts keys by their encoded bytes, whatever order they were given in', () => {
    expect(encodeCbor({ bb: 1, a: 2, b: 3 })).toEqual(encodeCbor({ b: 3, a: 2, bb: 1 }));
    expect(encodeCbor({ bb: 1, a: 2 }).toHex()).toBe('a2616102626262' + '01');
  });

  const value = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true, maxDepth: 4 },
      fc.integer(),
      fc.maxSafeNat(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        fc.string({ maxLength: 5 }).filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    ) as fc.Arbitrary<CborValue>,
  })).value;

  it('every value comes back as it was, from one byte string', () => {
    fc.assert(
      fc.property(value, (given) => {
        const encoded = encodeCbor(given);
        const decoded = decodeCbor(encoded);
        expect(decoded).toEqual(given);
        expect(encodeCbor(decoded as CborValue)).toEqual(encoded);
      }),
      { numRuns: 300 },
    );
  });

  it('any bytes either are the one encoding of what they say, or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (given) => {
        let decoded: unknown;
        try {
          decoded = decodeCbor(given);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        expect(encodeCbor(decoded as CborValue)).toEqual(new Uint8Array(given));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('[attack 29] what is refused', () => {
  it.each([
    ['nothing', ''],
    ['trailing bytes', '0000'],
    ['a long-form integer', '1800'],
    ['a long-form length', '780161'],
    ['unsorted keys', 'a2616200616100'],
    ['a key twice', 'a2616100616101'],
    ['an indefinite list', '9f01ff'],
    ['an indefinite text', '7f6161ff'],
    ['an indefinite map', 'bf616101ff'],
    ['an integer over 2^53', '1b0020000000000000'],
    ['a negative integer under -2^53', '3b0020000000000000'],
    ['undefined', 'f7'],
    ['a simple value', 'f820'],
    ['a half float', 'f93e00'],
    ['a single float', 'fa47c35000'],
    ['a double', 'fb3ff199999999999a'],
    ['a float that is an integer', 'f93c00'],
    ['NaN', 'f97e00'],
    ['a tag', 'c074323031332d30332d32315432303a30343a30305a'],
    ['a big number', 'c249010000000000000000'],
    ['an integer as key', 'a10102'],
    ['a text that is no UTF-8', '61ff'],
    ['a cut text', '6261'],
    ['a cut list', '8201'],
    ['a cut head', '19'],
    ['a reserved head', '1c'],
    ['a break alone', 'ff'],
  ])('%s', (_, encoded) => {
    expect(() => decodeCbor(hex(encoded))).toThrow();
  });

  it('nesting beyond the limit, before a recursive decoder sees it', () => {
    const nested = (depth: number) => new Uint8Array([...new Array(depth).fill(0x81), 0x00]);
    expect(decodeCbor(nested(6))).toEqual([[[[[[0]]]]]]);
    expect(() => decodeCbor(nested(7))).toThrow('nested deeper than 6');
    expect(() => decodeCbor(nested(1_000_000))).toThrow('nested deeper than 6');
    expect(() => decodeCbor(nested(2), 1)).toThrow('nested deeper than 1');
  });

  it('a key that reaches for the prototype is a key like any other', () => {
    const decoded = decodeCbor(hex('a1695f5f70726f746f5f5fa1617601')) as object;
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(Object.keys(decoded)).toEqual(['__proto__']);
    expect('v' in decoded).toBe(false);
  });

  it('announced lengths beyond the input, without reserving anything', () => {
    for (const head of ['9affffffff', 'baffffffff', '5affffffff', '7affffffff', '9bffffffffffffffff']) {
      expect(() => decodeCbor(hex(head))).toThrow();
    }
  });

  it('depth counts what is open, not what is done: long flat lists pass', () => {
    const flat = Array.from({ length: 5_000 }, () => [[1]]);
    expect(decodeCbor(encodeCbor(flat))).toEqual(flat);
  });
});

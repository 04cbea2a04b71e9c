import { encodeCbor } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeContent, encodeContent } from '../../src/index.ts';

describe('[M4] a text in its one form', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 }).filter((body) => body.isWellFormed());

  test('is written as CBOR writes it, and read back', () => {
    fc.assert(
      fc.property(text, (body) => {
        const encoded = encodeContent({ kind: 'text', body });
        expect(encoded).toEqual(encodeCbor({ v: 1, kind: 'text', body }));
        expect(decodeContent(encoded)).toEqual({ kind: 'text', body, reply: undefined, mentions: [] });
      }),
      { numRuns: 500 },
    );
  });

  test('what is no UTF-8, not in shortest form or followed by more is refused as before', () => {
    const encoded = encodeContent({ kind: 'text', body: 'abcdé' });
    const at = encoded.indexOf(0xc3);
    const broken = encoded.slice();
    broken[at] = 0xff;
    const longer = new Uint8Array([...encoded, 0]);
    const head = encoded.indexOf(0x66, 8);
    const long = new Uint8Array([...encoded.subarray(0, head), 0x78, 6, ...encoded.subarray(head + 1)]);
    for (const bad of [broken, longer, long]) expect(() => decodeContent(bad)).toThrow('malformed');
  });
});

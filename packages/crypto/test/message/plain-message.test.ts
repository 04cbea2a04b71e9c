import {
  type Bytes,
  encodeCbor,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
} from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, headers } from '../../../protocol/test/arbitraries.ts';
import { decodeContent, encodeContent } from '../../src/index.ts';
import { readPlainMessage, writePlainEnvelope, writePlainHeader } from '../../src/message/plain-message.ts';

const payloadOf = (header: MessageHeader, ciphertext: Bytes): Bytes =>
  MessageEnvelopeCodec.encode({ header: MessageHeaderCodec.encode(header), ciphertext });

/** By the schemas; undefined where they refuse. */
function bySchema(payload: Bytes) {
  try {
    const { header: headerBytes, ciphertext } = MessageEnvelopeCodec.decode(payload);
    return { header: MessageHeaderCodec.decode(headerBytes), headerBytes, ciphertext };
  } catch {
    return undefined; // that is the answer compared
  }
}

describe('[M2] a message read and written in its one form', () => {
  test('is written as the schemas write it', () => {
    let quick = 0;
    fc.assert(
      fc.property(headers, bytes(17, 700), (header, ciphertext) => {
        const written = writePlainHeader(header);
        if (!written) return;
        quick += 1;
        expect(written).toEqual(MessageHeaderCodec.encode(header));
        expect(writePlainEnvelope(written, ciphertext)).toEqual(payloadOf(header, ciphertext));
      }),
      { numRuns: 300 },
    );
    expect(quick).toBeGreaterThan(50); // numbers beyond 32 bits take the slow way
  });

  test('is found to say what the schemas find', () => {
    let quick = 0;
    fc.assert(
      fc.property(headers, bytes(17, 700), (header, ciphertext) => {
        const payload = payloadOf(header, ciphertext);
        const read = readPlainMessage(payload);
        if (!read) return;
        quick += 1;
        expect(read).toEqual(bySchema(payload));
      }),
      { numRuns: 300 },
    );
    expect(quick).toBeGreaterThan(50);
  });

  test('[attack 29] takes nothing that the schemas refuse: any byte changed, cut or added', () => {
    const other = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat(3), add: bytes(0, 2) });
    let taken = 0;
    fc.assert(
      fc.property(headers, bytes(17, 60), other, (header, ciphertext, { at, to, cut, add }) => {
        const payload = payloadOf(header, ciphertext);
        const changed = new Uint8Array(payload.length + add.length);
        changed.set(payload);
        changed.set(add, payload.length);
        changed[at % changed.length] = to;
        const given = changed.slice(0, changed.length - cut);
        const read = readPlainMessage(given);
        if (!read) return;
        taken += 1;
        expect(read).toEqual(bySchema(given));
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(0); // a changed byte inside an id is another id
  });

  test('and too short a ciphertext is left to the schema, which refuses it', () => {
    fc.assert(
      fc.property(headers, bytes(1, 16), (header, ciphertext) => {
        const payload = payloadOf(header, ciphertext);
        expect(readPlainMessage(payload)).toBeUndefined();
        expect(bySchema(payload)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});

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

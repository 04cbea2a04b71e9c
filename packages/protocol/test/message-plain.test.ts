import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bytes } from '../src/bytes.ts';
import { MessageEnvelopeCodec, type MessageHeader, MessageHeaderCodec } from '../src/message.ts';
import { plainEnvelope, plainHeader } from '../src/message-plain.ts';
import { MessageEnvelopeBySchema, MessageHeaderBySchema } from '../src/message-schema.ts';
import { bytes, headers } from './arbitraries.ts';

const payloadOf = (header: MessageHeader, ciphertext: Bytes): Bytes =>
  MessageEnvelopeBySchema.encode({ header: MessageHeaderBySchema.encode(header), ciphertext });

/** By the schemas; undefined where they refuse. */
function bySchema(payload: Bytes) {
  try {
    const { header: headerBytes, ciphertext } = MessageEnvelopeBySchema.decode(payload);
    return { header: MessageHeaderBySchema.decode(headerBytes), headerBytes, ciphertext };
  } catch {
    return undefined; // that is the answer compared
  }
}

/** In the one form; undefined for every other. */
function plainly(payload: Bytes) {
  const envelope = plainEnvelope.decode(payload);
  const header = envelope && plainHeader.decode(envelope.header);
  return header && { header, headerBytes: envelope.header, ciphertext: envelope.ciphertext };
}

describe('[M2] a message read and written in its one form', () => {
  test('is written as the schemas write it', () => {
    let quick = 0;
    fc.assert(
      fc.property(headers, bytes(17, 700), (header, ciphertext) => {
        const written = plainHeader.encode(header);
        if (!written) return;
        quick += 1;
        expect(written).toEqual(MessageHeaderBySchema.encode(header));
        expect(plainEnvelope.encode({ header: written, ciphertext })).toEqual(payloadOf(header, ciphertext));
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
        const read = plainly(payload);
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
        const read = plainly(given);
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
        expect(plainly(payload)).toBeUndefined();
        expect(bySchema(payload)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  test('and a number of more than 32 bits goes by the schema, unseen by who calls', () => {
    fc.assert(
      fc.property(headers, bytes(17, 60), (header, ciphertext) => {
        const payload = payloadOf(header, ciphertext);
        const envelope = MessageEnvelopeCodec.decode(payload);
        expect(MessageHeaderCodec.decode(envelope.header)).toEqual(header);
        expect(MessageHeaderCodec.encode(header)).toEqual(envelope.header);
        expect(MessageEnvelopeCodec.encode(envelope)).toEqual(payload);
      }),
      { numRuns: 200 },
    );
  });
});

import {
  type AccountId,
  type Bytes,
  type ChainLink,
  type Ciphertext,
  chainInput,
  type DeviceId,
  joinSigned,
  MessageEnvelopeCodec,
  type MessageHeader,
  MessageHeaderCodec,
  type MessageId,
  parseClientFrame,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, count, headers, id } from '../../protocol/test/arbitraries.ts';
import { sha256 } from '../src/digest.ts';
import { nextChain } from '../src/log/chain.ts';
import { checkEnvelope } from '../src/log/envelope.ts';
import { plainText } from '../src/realtime/plain-frames.ts';
import { readPlainSend } from '../src/realtime/plain-send.ts';

const seal = (header: MessageHeader, ciphertext: Bytes): Bytes =>
  joinSigned(
    MessageEnvelopeCodec.encode({ header: MessageHeaderCodec.encode(header), ciphertext }),
    new Uint8Array(64),
  );

test('[M2] the header of a message that another frame carries is refused with its reason', () => {
  fc.assert(
    fc.property(headers, headers, bytes(17, 60), (header, frame, ciphertext) => {
      const body = seal(header, ciphertext);
      expect(checkEnvelope(body, header)).toEqual(header);
      expect(() => checkEnvelope(body, frame)).toThrow(/names another/);
    }),
    { numRuns: 200 },
  );
});

describe('[D7] the quick reading of a send frame', () => {
  const frames = fc.record({ room: id(), epoch: count, id: id(), body: bytes(1, 300).map(toBase64Url) });

  /** Base64 of the other alphabet, blanks and padding too, which decoders take. */
  const PUT = fc.oneof(
    fc.string({ maxLength: 2 }),
    fc.constantFrom('+', '/', '=', ' ', '\n', '\u00e9', '\u0141', '\0'),
  );

  test('finds what the schema finds', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const text = JSON.stringify({ t: 'send', ...frame });
        const quick = readPlainSend(text);
        if (frame.epoch < 1e10) expect(quick).toBeDefined();
        if (!quick) return;
        expect(parseClientFrame(text)).toEqual({ ok: true, value: quick.frame });
        expect(toBase64Url(quick.body)).toBe(frame.body);
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes nothing that the schema refuses', () => {
    fc.assert(
      fc.property(frames, fc.nat(), PUT, fc.nat(2), (frame, at, put, over) => {
        const text = JSON.stringify({ t: 'send', ...frame });
        const start = at % text.length;
        const changed = text.slice(0, start) + put + text.slice(start + over);
        if (readPlainSend(changed)) expect(parseClientFrame(changed).ok).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    for (const body of ['A', 'AB', 'AAB', 'A'.repeat(87_383), '', 'AA==', 'A+AA', 'A/AA', 'AA A', 'AAAA=']) {
      const text = JSON.stringify({ t: 'send', room: 'A'.repeat(22), epoch: 1, id: 'A'.repeat(22), body });
      expect(parseClientFrame(text).ok, body.slice(0, 5)).toBe(false);
      expect(readPlainSend(text)).toBeUndefined();
    }
  });
});

test('[D1] the chain made in one buffer is the chain of the protocol', () => {
  const links = fc.record({
    position: count,
    time: count,
    kind: fc.constantFrom('message' as const, 'epoch' as const, 'leave' as const),
    account: id<AccountId>(),
    device: id<DeviceId>(),
    id: id<MessageId>(),
    body: bytes(0, 100),
  });
  fc.assert(
    fc.property(bytes(32), links, (previous, link: ChainLink) => {
      expect(new Uint8Array(nextChain(previous, link))).toEqual(sha256(chainInput(previous, link)));
    }),
  );
});

test('[D4] entries and acknowledgements are written as JSON writes them', () => {
  const position = count;
  const time = count;
  const entry = fc.record({
    position,
    time,
    kind: fc.constantFrom('message' as const, 'epoch' as const, 'leave' as const),
    account: id<AccountId>(),
    device: id<DeviceId>(),
    id: id<MessageId>(),
    body: bytes(1, 60).map((value) => toBase64Url(value) as Ciphertext),
  });
  const frame = fc.oneof(
    fc.record({ t: fc.constant('entries' as const), room: id<RoomId>(), entries: fc.array(entry) }),
    fc.record({ t: fc.constant('ack' as const), room: id<RoomId>(), id: id<MessageId>(), position, time }),
  );
  fc.assert(fc.property(frame, (one) => void expect(plainText(one)).toBe(JSON.stringify(one))));
  expect(plainText({ t: 'pong', time: 1 })).toBeUndefined();
});

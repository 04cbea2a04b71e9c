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
import { type Claim, checkEnvelope } from '../src/log/envelope.ts';
import { readPlainEnvelope } from '../src/log/plain-envelope.ts';
import { plainText } from '../src/realtime/plain-frames.ts';
import { readPlainSend } from '../src/realtime/plain-send.ts';
import { nextChain } from '../src/store/sqlite/chain.ts';

const claimOf = ({ kind, room, epoch, account, device, id: message }: MessageHeader): Claim => ({
  ...{ kind, room, epoch, account, device, id: message },
});

const seal = (header: MessageHeader, ciphertext: Bytes): Bytes =>
  joinSigned(
    MessageEnvelopeCodec.encode({ header: MessageHeaderCodec.encode(header), ciphertext }),
    new Uint8Array(64),
  );

function bySchema(body: Bytes, claim: Claim): unknown {
  try {
    return checkEnvelope(body, claim);
  } catch {
    return undefined; // refused: that is the answer compared
  }
}

describe('[M2] the quick reading of an envelope', () => {
  test('finds in what an honest client sends what the schema finds', () => {
    let quick = 0;
    fc.assert(
      fc.property(headers, bytes(17, 700), (header, ciphertext) => {
        const body = seal(header, ciphertext);
        const claims = readPlainEnvelope(body, claimOf(header));
        if (!claims) return;
        quick += 1;
        const read = MessageHeaderCodec.decode(MessageHeaderCodec.encode(header));
        expect(claims).toEqual({ seen: read.seen, counter: read.counter, list: read.list });
      }),
      { numRuns: 500 },
    );
    expect(quick).toBeGreaterThan(100); // numbers beyond 32 bits take the slow way
  });

  test('takes nothing that the schema refuses: any byte changed, cut or added', () => {
    const other = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat(3), add: bytes(0, 2) });
    fc.assert(
      fc.property(headers, bytes(17, 60), other, (header, ciphertext, { at, to, cut, add }) => {
        const body = Buffer.concat([seal(header, ciphertext), add]);
        body[at % Math.min(body.length, 320)] = to;
        const changed = new Uint8Array(body.subarray(0, body.length - cut));
        const claim = claimOf(header);
        if (!readPlainEnvelope(changed, claim)) return;
        const envelope = MessageEnvelopeCodec.decode(changed.subarray(0, changed.length - 64));
        const read = MessageHeaderCodec.decode(envelope.header);
        expect(claimOf(read)).toEqual(claim);
      }),
      { numRuns: 5_000 },
    );
  });

  test('and a header of another frame is refused with its reason, not taken', () => {
    fc.assert(
      fc.property(headers, headers, (header, frame) => {
        expect(bySchema(seal(header, new Uint8Array(20)), claimOf(frame))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
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

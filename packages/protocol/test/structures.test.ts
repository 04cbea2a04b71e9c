import { describe, expect, it } from 'vitest';
import {
  type CborValue,
  DeviceListCodec,
  decodeCbor,
  EpochHeaderCodec,
  ExchangeKeyCodec,
  encodeCbor,
  LeaveCodec,
  LIMITS,
  MalformedError,
  MessageEnvelopeCodec,
  MessageHeaderCodec,
  type MessageId,
} from '../src/index.ts';
import { account, bytes, device, header, id, kemKey, room } from './samples.ts';

const seen = { position: 4, chain: bytes(4) };
const leave = {
  v: 1,
  room: room(1),
  account: account(2),
  device: device(3),
  id: id<MessageId>(4),
  at: 5,
  header: bytes(6),
} as const;
const messageHeader = {
  v: 1,
  kind: 'log',
  room: room(1),
  epoch: 1,
  account: account(2),
  device: device(3),
  id: id<MessageId>(4),
  salt: bytes(5, 16),
  counter: 1,
  list: 1,
  seen,
} as const;
const list = {
  v: 1,
  account: account(1),
  identity: bytes(2),
  version: 1,
  previous: null,
  at: 3,
  name: 'Ann',
  devices: [{ device: device(4), signing: bytes(5), addedAt: 6 }],
} as const;
const exchangeKey = {
  v: 1,
  account: account(1),
  device: device(2),
  key: kemKey(3),
  notBefore: 10,
  notAfter: 20,
} as const;

interface AnyCodec {
  readonly encode: (value: never) => Uint8Array<ArrayBuffer>;
  readonly decode: (bytes: Uint8Array) => unknown;
}

const structures: [string, AnyCodec, object, number][] = [
  ['device list', DeviceListCodec, list, LIMITS.deviceList],
  ['exchange key', ExchangeKeyCodec, exchangeKey, LIMITS.exchangeKey],
  ['epoch header', EpochHeaderCodec, header(), LIMITS.epochHeader],
  ['leave', LeaveCodec, leave, LIMITS.leave],
  ['message header', MessageHeaderCodec, messageHeader, 512],
];

function refusal(attempt: () => unknown): MalformedError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof MalformedError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe.each(structures)('%s', (_, codec, value, limit) => {
  const encoded = codec.encode(value as never);
  const fields = decodeCbor(encoded) as { [key: string]: CborValue };
  const reencoded = (change: { [key: string]: CborValue }) => encodeCbor({ ...fields, ...change });

  it('comes back as it was', () => {
    expect(codec.decode(encoded)).toEqual(value);
  });

  it.each([0, 2, 255, '1', null])('[attack 13] of version %j is refused by name', (v) => {
    expect(refusal(() => codec.decode(reencoded({ v }))).code).toBe('unknown_version');
  });

  it('without a version, with an unknown field, or without a field is malformed', () => {
    const { v: _v, ...rest } = fields;
    expect(refusal(() => codec.decode(encodeCbor(rest))).code).toBe('malformed');
    expect(refusal(() => codec.decode(reencoded({ extra: 1 }))).code).toBe('malformed');
    for (const key of Object.keys(fields).filter((name) => name !== 'v')) {
      const { [key]: _dropped, ...others } = fields;
      expect(refusal(() => codec.decode(encodeCbor(others))).code, key).toBe('malformed');
    }
  });

  it('with any field of another type is malformed', () => {
    for (const key of Object.keys(fields).filter((name) => name !== 'v')) {
      for (const wrong of [true, -1, 'text', { deep: [] }, new Uint8Array(3)]) {
        if (typeof wrong === typeof fields[key] && typeof wrong === 'string') continue;
        expect(refusal(() => codec.decode(reencoded({ [key]: wrong }))).code, key).toBe('malformed');
      }
    }
  });

  it('[attack 40] with a number beyond the bounds is malformed', () => {
    for (const [key, inside] of Object.entries(fields).filter(([name]) => name !== 'v')) {
      for (const most of [LIMITS.count + 1, Number.MAX_SAFE_INTEGER, 2 ** 60]) {
        if (typeof inside === 'number')
          expect(refusal(() => codec.decode(reencoded({ [key]: most }))).code, key).toBe('malformed');
        else if (typeof inside === 'object' && inside !== null && 'position' in inside)
          expect(refusal(() => codec.decode(reencoded({ [key]: { ...inside, position: most } }))).code).toBe(
            'malformed',
          );
      }
    }
  });

  it('[attack 29] over its limit is refused before it is parsed', () => {
    const error = refusal(() => codec.decode(new Uint8Array(limit + 1)));
    expect(error.message).toContain(`at most ${limit}`);
    expect(refusal(() => codec.decode(new Uint8Array(limit))).message).not.toContain('at most');
  });

  it('cut anywhere is malformed', () => {
    for (let length = 0; length < encoded.length; length += 13) {
      expect(refusal(() => codec.decode(encoded.slice(0, length))).code).toBe('malformed');
    }
  });
});

describe('limits inside structures', () => {
  const refuses = (codec: AnyCodec, value: object) =>
    expect(refusal(() => codec.decode(codec.encode(value as never))).code).toBe('malformed');

  it('[K3] a device stands once; at most 16', () => {
    const [one] = list.devices;
    refuses(DeviceListCodec, { ...list, devices: [one, one] });
    const devices = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...one, device: device(i) }));
    expect(DeviceListCodec.decode(DeviceListCodec.encode({ ...list, devices: devices(16) }))).toBeDefined();
    refuses(DeviceListCodec, { ...list, devices: devices(17) });
    refuses(DeviceListCodec, { ...list, version: 0 });
  });

  it('[K2] an exchange key lives at most 90 days, and not backwards', () => {
    const day = 86_400_000;
    expect(
      ExchangeKeyCodec.decode(ExchangeKeyCodec.encode({ ...exchangeKey, notAfter: 10 + 90 * day })),
    ).toBeDefined();
    refuses(ExchangeKeyCodec, { ...exchangeKey, notAfter: 11 + 90 * day });
    refuses(ExchangeKeyCodec, { ...exchangeKey, notAfter: 10 });
  });

  it('[R1] a member stands once; 1 to 50 of them', () => {
    const [one] = header().members;
    const members = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...one, account: account(i) }));
    refuses(EpochHeaderCodec, { ...header(), members: [one, one] });
    refuses(EpochHeaderCodec, { ...header(), members: [] });
    refuses(EpochHeaderCodec, { ...header(), members: members(51) });
    refuses(EpochHeaderCodec, { ...header(), epoch: 0 });
    refuses(EpochHeaderCodec, { ...header(), sealed: bytes(1, LIMITS.sealedProfile + 1) });
  });

  it('[R1] the largest room fits: 50 members, 10 invites, everyone else leaving', () => {
    const full = header({
      members: Array.from({ length: 50 }, (_, i) => ({
        ...header().members[0],
        account: account(i),
        list: LIMITS.count,
      })) as ReturnType<typeof header>['members'],
      invites: Array.from({ length: 10 }, (_, i) => ({
        key: bytes(i + 2),
        expires: LIMITS.time,
        sealed: bytes(i, LIMITS.sealedProfile),
      })),
      leaves: Array.from({ length: 49 }, () => bytes(1, LeaveCodec.encode(leave).length + 64)),
      sealed: bytes(1, LIMITS.sealedProfile),
    });
    expect(EpochHeaderCodec.decode(EpochHeaderCodec.encode(full))).toEqual(full);
  });

  it('[M2] a message’s counters start at 1', () => {
    refuses(MessageHeaderCodec, { ...messageHeader, counter: 0 });
    refuses(MessageHeaderCodec, { ...messageHeader, epoch: 0 });
    refuses(MessageHeaderCodec, { ...messageHeader, kind: 'other' });
  });

  it('a message envelope is header and ciphertext, nothing else', () => {
    const envelope = { header: bytes(1, 100), ciphertext: bytes(2, 144) };
    expect(MessageEnvelopeCodec.decode(MessageEnvelopeCodec.encode(envelope))).toEqual(envelope);
    const refused = (value: CborValue) =>
      expect(refusal(() => MessageEnvelopeCodec.decode(encodeCbor(value))).code).toBe('malformed');
    refused([bytes(1, 100)]);
    refused([bytes(1, 100), bytes(2, 144), bytes(3, 1)]);
    refused([bytes(1, 100), bytes(2, 16)]);
    refused([bytes(1, 513), bytes(2, 144)]);
    refused(['text', bytes(2, 144)]);
    refused({});
    refused(null);
  });
});

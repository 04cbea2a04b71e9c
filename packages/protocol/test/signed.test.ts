import { describe, expect, it } from 'vitest';
import {
  admissionInput,
  chainGenesisInput,
  chainInput,
  connectionPayload,
  decodeCbor,
  formatProof,
  joinSigned,
  MalformedError,
  type MessageId,
  parseProof,
  requestPayload,
  SIGNING_CONTEXTS,
  type SigningContext,
  signingInput,
  splitSigned,
  toBase64Url,
} from '../src/index.ts';
import { account, bytes, device, id, room } from './samples.ts';

describe('signed objects', () => {
  it('split into what was joined', () => {
    const [payload, signature] = [bytes(1, 10), bytes(2, 64)];
    expect(splitSigned(joinSigned(payload, signature))).toEqual({ payload, signature });
  });

  it('refuse what is no longer than a signature', () => {
    expect(() => splitSigned(bytes(1, 64))).toThrow(MalformedError);
    expect(() => splitSigned(bytes(1, 0))).toThrow(MalformedError);
    expect(() => joinSigned(bytes(1, 10), bytes(2, 63))).toThrow(MalformedError);
  });

  it('no context is the beginning of another: no payload is signed in two', () => {
    const contexts = Object.values(SIGNING_CONTEXTS);
    for (const a of contexts) {
      expect(a.endsWith('\0')).toBe(true);
      for (const b of contexts) expect(a !== b && a.startsWith(b)).toBe(false);
    }
    const inputs = (Object.keys(SIGNING_CONTEXTS) as SigningContext[]).map((context) =>
      signingInput(context, bytes(1, 3)).toHex(),
    );
    expect(new Set(inputs).size).toBe(contexts.length);
  });
});

describe('[D5] proofs', () => {
  const proof = {
    account: account(1),
    device: device(2),
    time: 1_750_000_000_000,
    nonce: toBase64Url(bytes(3, 16)),
    bodyHash: toBase64Url(bytes(5, 32)),
    signature: toBase64Url(bytes(4, 64)),
  };

  it('the header text comes back as its parts', () => {
    expect(parseProof(formatProof(proof))).toEqual(proof);
  });

  it.each([
    ['', ''],
    ['a part missing', formatProof(proof).split('.').slice(1).join('.')],
    ['a part more', `${formatProof(proof)}.x`],
    ['a negative time', formatProof({ ...proof, time: -1 })],
    ['a broken time', formatProof(proof).replace('1750000000000', '1e3')],
    ['a line break', `${formatProof(proof)}\n`],
    ['a short signature', formatProof(proof).slice(0, -1)],
    ['something endless', 'A'.repeat(1_000_000)],
  ])('[attack 29] %s is no proof', (_, text) => {
    expect(parseProof(text)).toBeUndefined();
  });

  it('[attack 36] what is signed holds every part', () => {
    const connection = { origin: 'https://a', nonce: bytes(1), account: account(1), device: device(1) };
    const request = {
      ...connection,
      nonce: bytes(1, 16),
      method: 'GET',
      path: '/',
      time: 1,
      bodyHash: bytes(2),
    };
    expect(Object.keys(decodeCbor(connectionPayload(connection)) as object).sort()).toEqual([
      'account',
      'device',
      'nonce',
      'origin',
    ]);
    expect(Object.keys(decodeCbor(requestPayload(request)) as object).sort()).toEqual([
      'account',
      'bodyHash',
      'device',
      'method',
      'nonce',
      'origin',
      'path',
      'time',
    ]);
    const arrival = {
      room: room(1),
      account: account(1),
      device: device(1),
      identity: bytes(1),
      previous: bytes(2),
    };
    expect(Object.keys(decodeCbor(admissionInput(arrival)) as object).sort()).toEqual([
      'account',
      'device',
      'identity',
      'previous',
      'room',
    ]);
  });
});

describe('[D1] the chain’s input', () => {
  const link = {
    position: 1,
    time: 2,
    kind: 'epoch',
    account: account(3),
    device: device(4),
    id: id<MessageId>(5),
    body: bytes(6, 7),
  } as const;

  it('has the layout of the document', () => {
    expect(chainInput(bytes(9), link).toHex()).toBe(
      '09'.repeat(32) +
        '0000000000000001' +
        '0000000000000002' +
        '01' +
        '03'.repeat(16) +
        '04'.repeat(16) +
        '05'.repeat(16) +
        '06'.repeat(7),
    );
    expect(new TextDecoder().decode(chainGenesisInput(room(0x41)))).toBe(`sotto/v1/log\0${'A'.repeat(16)}`);
  });

  it('refuses a previous hash of another length', () => {
    expect(() => chainInput(bytes(9, 31), link)).toThrow(RangeError);
  });
});

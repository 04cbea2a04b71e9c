import { describe, expect, it } from 'vitest';
import {
  headerHash,
  LIMITS,
  parseClientFrame,
  parseServerFrame,
  REFUSAL_CODES,
  REFUSALS,
  toBase64Url,
} from '../src/index.ts';
import { account, bytes, device, id, room } from './samples.ts';

const body = toBase64Url(bytes(1, 100));
const header = headerHash(bytes(3));
const frames = {
  auth: {
    t: 'auth',
    account: account(1),
    device: device(1),
    origin: 'https://chat.example',
    signature: toBase64Url(bytes(1, 64)),
  },
  send: { t: 'send', room: room(1), epoch: 1, id: id(2), body },
  signal: { t: 'signal', room: room(1), epoch: 1, body },
  receipt: { t: 'receipt', room: room(1), epoch: 1, body },
  ping: { t: 'ping' },
} as const;
const client = (frame: unknown) => parseClientFrame(JSON.stringify(frame));

describe('[D7] frames from clients', () => {
  it.each(Object.values(frames))('$t is taken as it was', (frame) => {
    expect(client(frame)).toEqual({ ok: true, value: frame });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no kind', '{}'],
    ['an unknown kind', '{"t":"hello"}'],
    ['a kind of the prototype', '{"t":"__proto__"}'],
  ])('%s is refused with a reason', (_, raw) => {
    const parsed = parseClientFrame(raw);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.reason).not.toBe('');
  });

  it('an unknown or missing field is refused', () => {
    for (const frame of Object.values(frames)) {
      expect(client({ ...frame, extra: 1 }).ok).toBe(false);
      for (const key of Object.keys(frame).filter((k) => k !== 't')) {
        expect(client({ ...frame, [key]: undefined }).ok, `${frame.t} without ${key}`).toBe(false);
        expect(client({ ...frame, [key]: { $ne: 1 } }).ok, `${frame.t} with ${key}`).toBe(false);
      }
    }
  });

  it('the reason names the field, and does not echo what was sent', () => {
    const parsed = client({ ...frames.send, body: 'hello world, a secret' });
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining('body') });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });

  it.each([0, -1, 1.5, '1', 2 ** 53, null])('epoch %j is refused', (epoch) => {
    expect(client({ ...frames.send, epoch }).ok).toBe(false);
  });

  it('[attack 14] a body that is text is not ciphertext: the form alone refuses most', () => {
    for (const text of ['Hello, world!', 'Hällo', 'two words', '']) {
      expect(client({ ...frames.send, body: text }).ok, text).toBe(false);
    }
  });

  it('[attack 29] sizes are bounded exactly', () => {
    const sized = (t: 'send' | 'signal' | 'receipt', size: number) =>
      client({ ...frames[t], body: toBase64Url(new Uint8Array(size)) }).ok;
    expect(sized('send', LIMITS.message)).toBe(true);
    expect(sized('send', LIMITS.message + 1)).toBe(false);
    for (const t of ['signal', 'receipt'] as const) {
      expect(sized(t, LIMITS.signal)).toBe(true);
      expect(sized(t, LIMITS.signal + 1)).toBe(false);
    }
    const largest = JSON.stringify({ ...frames.send, body: toBase64Url(new Uint8Array(LIMITS.message)) });
    expect(largest.length).toBeLessThan(LIMITS.frame);
    expect(client({ ...frames.auth, origin: 'x'.repeat(301) }).ok).toBe(false);
    expect(client({ ...frames.auth, signature: toBase64Url(bytes(1, 63)) }).ok).toBe(false);
    expect(client({ ...frames.auth, signature: toBase64Url(bytes(1, 65)) }).ok).toBe(false);
  });
});

describe('frames from the server', () => {
  const entry = {
    position: 1,
    time: 2,
    kind: 'message',
    account: account(1),
    device: device(1),
    id: id(3),
    body,
  };
  const receipt = { account: account(1), device: device(1), body };
  const server = (frame: unknown) => parseServerFrame(JSON.stringify(frame));

  it.each([
    { t: 'challenge', nonce: toBase64Url(bytes(1)), time: 1 },
    {
      t: 'ready',
      time: 1,
      rooms: [
        { room: room(1), head: 1, epoch: 1, until: null, pending: false, chain: toBase64Url(bytes(1)) },
      ],
      online: [account(1)],
    },
    { t: 'entries', room: room(1), entries: [entry] },
    { t: 'ack', room: room(1), id: id(3), position: 1, time: 2 },
    { t: 'refused', re: 'send', code: 'stale_epoch', message: 'again', room: room(1), epoch: 2 },
    { t: 'signal', room: room(1), account: account(1), device: device(1), body },
    { t: 'receipts', room: room(1), receipts: [] },
    {
      t: 'receipts',
      room: room(1),
      receipts: [1, 2].map((n) => ({ account: account(n), device: device(n), body })),
    },
    { t: 'wrap', wrap: { room: room(1), epoch: 1, header, key: toBase64Url(bytes(1)), body } },
    { t: 'presence', people: [{ account: account(1), online: false, seen: null }] },
    { t: 'people', people: [{ account: account(1), name: 'Ann', kind: 'guest' }] },
    { t: 'list', account: account(1), version: 2 },
    { t: 'room', room: { room: room(1), head: 1, epoch: 1, until: null, pending: true, chain: null } },
    { t: 'requests', room: room(1), account: account(1), device: device(1), headers: [header] },
    { t: 'pong', time: 1 },
    { t: 'bye', code: 'busy', message: 'closing' },
  ])('$t is taken', (frame) => {
    expect(server(frame)).toEqual({ ok: true, value: frame });
  });

  it('[attack 19] malformed ones are refused: the server is trusted no more than anyone', () => {
    const broken = [
      { t: 'entries', room: room(1), entries: [{ ...entry, position: 0 }] },
      { t: 'entries', room: room(1), entries: [{ ...entry, kind: 'secret' }] },
      { t: 'entries', room: room(1), entries: [{ ...entry, body: 'not base64' }] },
      { t: 'entries', room: 'x', entries: [] },
      { t: 'challenge', nonce: toBase64Url(bytes(1, 31)), time: 1 },
      { t: 'list', account: account(1), version: 0 },
      { t: 'receipt', room: room(1), account: account(1), device: device(1), body },
      { t: 'receipts', room: room(1), receipts: [receipt, { ...receipt, body: 'not base64' }] },
      {
        t: 'receipts',
        room: room(1),
        receipts: [{ ...receipt, body: toBase64Url(bytes(1, LIMITS.signal + 1)) }],
      },
      { t: 'receipts', room: room(1), receipts: [{ ...receipt, device: 'x' }] },
      { t: 'receipts', room: room(1), receipts: receipt },
      { t: 'nonsense' },
    ];
    for (const frame of broken) expect(server(frame).ok, JSON.stringify(frame)).toBe(false);
  });
});

describe('[D7] refusals', () => {
  it.each(REFUSAL_CODES)('%s has a status and a sentence that says what to do', (code) => {
    const [status, sentence] = REFUSALS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

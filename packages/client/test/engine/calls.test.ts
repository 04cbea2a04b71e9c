import { generateSigningKey, randomId, verifyBytes } from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceId,
  fromBase64Url,
  InfoSchema,
  LIMITS,
  parseProof,
  requestPayload,
  signingInput,
} from '@sotto/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { SignedCalls } from '../../src/engine/calls.ts';
import type { HttpRequest, HttpResponse } from '../../src/seams/index.ts';
import { FakeClock, settle } from './support/fake-clock.ts';

let clock: FakeClock;
let asked: HttpRequest[];
let answers: HttpResponse[];
let calls: SignedCalls;
let publicKey: Bytes;

const refusal = (status: number, code: string, more = {}): HttpResponse => ({
  status,
  json: { code, message: 'No.', ...more },
});
const fine: HttpResponse = { status: 200, json: {} };
const proofOf = (request: HttpRequest | undefined) => parseProof(request?.proof ?? '');

beforeEach(async () => {
  clock = new FakeClock();
  asked = [];
  answers = [];
  const signing = await generateSigningKey({ extractable: false });
  ({ publicKey } = signing);
  const transport = {
    origin: 'http://localhost:1',
    connect: () => {
      throw new Error('not here');
    },
    request: async (request: HttpRequest) => {
      asked.push(request);
      const next = answers.shift();
      if (!next) throw new Error('asked once too often');
      return next;
    },
  };
  calls = new SignedCalls(transport, clock, {
    account: randomId<AccountId>(),
    device: randomId<DeviceId>(),
    signing,
  });
});

test('[R1] the server’s time is a time, whatever it says and whatever the clock here', async () => {
  const day = 86_400_000;
  calls.learnTime(clock.now() - 1_000 * day);
  expect(calls.serverTime()).toBe(clock.now() - 1_000 * day);
  expect(calls.serverTime(clock.now() + day)).toBe(clock.now() - 999 * day); // a time of this device in the server's
  expect(calls.serverTime(0)).toBe(0);
  calls.learnTime(LIMITS.time);
  await clock.pass(day);
  expect(calls.serverTime()).toBe(LIMITS.time);
});

test('[D5] each request is signed over exactly what is sent, with a nonce of its own', async () => {
  answers = [fine, fine];
  await calls.post('/api/x', { a: 1 }, null);
  await calls.post('/api/x', { a: 1 }, null);
  const [one, two] = asked.map(proofOf);
  expect(one?.nonce).not.toBe(two?.nonce);
  const proof = proofOf(asked[0]);
  if (!proof) throw new Error('no proof');
  const text = new TextEncoder().encode(asked[0]?.body ?? '');
  const payload = requestPayload({
    origin: 'http://localhost:1',
    method: 'POST',
    path: '/api/x',
    time: proof.time,
    nonce: fromBase64Url(proof.nonce) as Bytes,
    bodyHash: new Uint8Array(await crypto.subtle.digest('SHA-256', text)),
    account: proof.account as AccountId,
    device: proof.device as DeviceId,
  });
  const signature = fromBase64Url(proof.signature) as Bytes;
  expect(await verifyBytes(publicKey, signature, signingInput('request', payload))).toBe(true);
});

describe('what the server refuses', () => {
  test('a clock that is off is learnt from the refusal, and from then on right at once', async () => {
    const theirs = clock.now() + 86_400_000;
    answers = [refusal(401, 'clock', { time: theirs }), fine, fine];
    await calls.put('/api/x', {});
    expect(proofOf(asked[1])?.time).toBe(theirs);
    await clock.pass(5_000);
    await calls.put('/api/x', {});
    expect(proofOf(asked[2])?.time).toBe(theirs + 5_000);
    expect(asked).toHaveLength(3);
  });

  test('a replayed nonce is replaced, once', async () => {
    answers = [refusal(401, 'replayed'), refusal(401, 'replayed')];
    await expect(calls.put('/api/x', {})).rejects.toMatchObject({ code: 'replayed' });
    expect(asked).toHaveLength(2);
    expect(proofOf(asked[0])?.nonce).not.toBe(proofOf(asked[1])?.nonce);
  });

  test('a rate limit is waited for, never longer than a minute, and tried once more', async () => {
    answers = [refusal(429, 'rate_limited', { wait: 10 ** 12 }), fine];
    const call = calls.put('/api/x', {});
    await settle();
    expect(clock.waiting).toEqual([60_000]);
    await clock.pass(60_000);
    await call;
    expect(asked).toHaveLength(2);
  });

  test('a server that is busy, and says for how long, is asked once more', async () => {
    answers = [refusal(503, 'busy', { wait: 2_000 }), fine];
    const call = calls.put('/api/x', {});
    await settle();
    expect(clock.waiting).toEqual([2_000]);
    await clock.pass(2_000);
    await call;
    answers = [refusal(503, 'busy')];
    await expect(calls.put('/api/x', {})).rejects.toMatchObject({ code: 'busy' });
  });

  test('a refusal that repeats ends with its code', async () => {
    answers = [refusal(401, 'clock', { time: 5 }), refusal(401, 'clock', { time: 6 })];
    await expect(calls.put('/api/x', {})).rejects.toMatchObject({ code: 'clock', message: 'No.' });
    answers = [refusal(403, 'forbidden')];
    await expect(calls.put('/api/x', {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toHaveLength(3);
  });

  test('nonsense is told apart from silence', async () => {
    answers = [{ status: 200, json: { wrong: true } }];
    await expect(calls.get('/api/info', InfoSchema)).rejects.toMatchObject({ code: 'bad_answer' });
    answers = [{ status: 502, json: undefined }];
    await expect(calls.get('/api/info', InfoSchema)).rejects.toMatchObject({ code: 'unreachable' });
    answers = [{ status: 404, json: 'page' }];
    await expect(calls.get('/api/info', InfoSchema)).rejects.toMatchObject({ code: 'bad_answer' });
    answers = [refusal(418, 'a_code_from_the_future')];
    await expect(calls.get('/api/info', InfoSchema)).rejects.toMatchObject({ code: 'bad_answer' });
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client, ready } from '@serenity-kit/opaque';
import { PATHS, toBase64Url, WORK } from '@sotto/protocol';
import { type RunningServer, startServer } from '@sotto/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeResetCode } from '../../packages/server/src/operations/reset-code.ts';
import { acquaintedSotto } from '../support/acquainted.ts';

/*
 * Attack 51: strangers who know nothing but a name keep its owner out. They have two hundred addresses of this machine, and
 * the server has its real limits.
 */

const PASSWORD = 'what only she knows';
const TRIES = 1_000;
const ADDRESSES = 200;

let folder: string;
let data: string;
let server: RunningServer;
let phrase: string;
let homes = 0;

const home = () => acquaintedSotto({ server: server.origin, directory: join(folder, `home-${++homes}`) });

beforeAll(async () => {
  await ready;
  folder = await mkdtemp(join(tmpdir(), 'sotto-lockout-'));
  data = join(folder, 'server');
  server = await startServer({ port: 0, host: '127.0.0.1', dataDir: data, logLevel: 'error' });
  const ann = await home().createAccount('Ann', PASSWORD);
  phrase = await ann.account.createRecoveryPhrase(PASSWORD);
  await ann.close();
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** One try from one of the strangers' addresses. @returns the code of the refusal, or the status */
function attempt(n: number, path: string, body: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const localAddress = `127.8.${n % 4}.${1 + (n % ADDRESSES)}`;
    const options = { method: 'POST', localAddress, headers: { 'content-type': 'application/json' } };
    const asking: ClientRequest = httpRequest(server.origin + path, options, async (answer) => {
      let text = '';
      for await (const part of answer) text += part;
      resolve((JSON.parse(text) as { code?: string }).code ?? String(answer.statusCode));
    });
    asking.on('error', reject).end(JSON.stringify(body));
  });
}

/** Strangers who try on until told to stop, at least a thousand times. @returns how often each answer came */
function strangers(path: string, body: () => unknown) {
  const answers = new Map<string, number>();
  let stopped = false;
  let tries = 0;
  const one = async () => {
    while (!stopped || tries < TRIES) {
      tries += 1;
      const answer = await attempt(tries, path, body());
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const all = Promise.all(Array.from({ length: 8 }, one));
  return async () => {
    stopped = true;
    await all;
    return answers;
  };
}

const guesses = () => ({
  name: 'Ann',
  request: client.startLogin({ password: `guess ${homes}` }).startLoginRequest,
});

test('[attack 51] who guesses at a name’s password keeps its owner out for a moment at most', async () => {
  const stop = strangers(PATHS.loginStart, guesses);
  await expect.poll(async () => attempt(0, PATHS.loginStart, guesses())).toBe('work_needed');
  const steps: string[] = [];
  const start = performance.now();
  const ann = await home().signIn('Ann', PASSWORD, (step) => steps.push(step));
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(steps).toContain('work'); // her device did the work, and said that it takes a moment
  await ann.close();
  const answers = await stop();
  // Without work nobody gets further than this; the password was tried so often and no more.
  expect(answers.get('200')).toBeLessThanOrEqual(WORK.free + 10);
  expect(answers.get('work_needed')).toBeGreaterThan(TRIES / 2);
}, 60_000);

test('[attack 51] [attack 37] who guesses from one address is stopped there, work or not', async () => {
  const answers = [];
  for (let n = 0; n < 80; n += 1) {
    answers.push(await attempt(7, PATHS.loginStart, { ...guesses(), name: `Name ${n}` }));
  }
  expect(answers.slice(0, 40)).toEqual(Array(40).fill('200'));
  expect(answers.at(-1)).toBe('rate_limited');
});

test('[attack 51] who guesses at the phrase or at a reset code keeps nobody out', async () => {
  const recovery = strangers(PATHS.recovery, () => ({
    name: 'Ann',
    time: Date.now(),
    nonce: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
    signature: toBase64Url(crypto.getRandomValues(new Uint8Array(64))),
  }));
  const ann = await home().recover({ name: 'Ann', phrase, password: `${PASSWORD}, again` });
  await ann.close();
  expect((await recovery()).get('bad_login')).toBeGreaterThan(TRIES / 2);

  const codes = strangers(PATHS.resetStart, () => ({ ...guesses(), code: '00000000000000000000' }));
  const { code } = await makeResetCode({ dataDir: data }, 'Ann');
  const anew = await home().reset({ name: 'Ann', code, password: PASSWORD });
  await anew.close();
  expect((await codes()).get('bad_code')).toBeGreaterThan(TRIES / 2);
}, 60_000);

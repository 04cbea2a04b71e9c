import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ready } from '@serenity-kit/opaque';
import { PATHS, toBase64Url } from '@sotto/protocol';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { logIn, makeVault, recovery, registerWithPassword, setPassword } from './support/password.ts';
import { request } from './support/person.ts';
import { makeServer } from './support/server.ts';
import { makeKey } from './support/signing.ts';

beforeAll(() => ready);

/** A lock as clients make it: the vault's key under a key from OPAQUE's export key (K5). */
function lockUnder(secret: Uint8Array): Uint8Array {
  const salt = randomBytes(32);
  const { key, nonce } = keyFrom(secret, salt);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([salt, cipher.update(randomBytes(32)), cipher.final(), cipher.getAuthTag()]);
}

function keyFrom(secret: Uint8Array, salt: Uint8Array) {
  const okm = Buffer.from(hkdfSync('sha256', secret, salt, 'lock', 44));
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32) };
}

function opens(lock: Uint8Array, secret: Uint8Array): boolean {
  const { key, nonce } = keyFrom(secret, lock.subarray(0, 32));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAuthTag(lock.subarray(64));
  try {
    decipher.update(lock.subarray(32, 64));
    decipher.final();
    return true;
  } catch {
    return false; // the tag does not fit: the one thing that can fail here
  }
}

/** All that came in, went out, or passed through OPAQUE on the server's side. */
const seen = vi.hoisted((): unknown[] => []);

vi.mock('@serenity-kit/opaque', async (original) => {
  const real = await original<typeof import('@serenity-kit/opaque')>();
  const recorded = (call: (input: never) => unknown) => (input: never) => {
    const result = call(input);
    seen.push(input, result);
    return result;
  };
  const { createRegistrationResponse, startLogin, finishLogin } = real.server;
  const server = {
    ...real.server,
    createRegistrationResponse: recorded(createRegistrationResponse),
    startLogin: recorded(startLogin),
    finishLogin: recorded(finishLogin),
  };
  return { ...real, server };
});

function recordTraffic(): void {
  const { fetch } = globalThis;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const answer = await fetch(url, init);
    seen.push(init?.body, Object.values(init?.headers ?? {}), await answer.clone().text());
    return answer;
  });
  onTestFinished(() => spy.mockRestore());
}

function everyRow(folder: string): unknown[] {
  const db = new DatabaseSync(join(folder, 'sotto.sqlite'));
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const rows = tables.flatMap(({ name }) => db.prepare(`SELECT * FROM ${name}`).all());
  db.close();
  return rows;
}

/** Every byte string inside: texts as they are and decoded, and what stands in JSON or in records. */
function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === 'string') {
    const parts = value.match(/[A-Za-z0-9_-]{22,}/g) ?? [];
    return [Buffer.from(value), ...parts.map((part) => Buffer.from(part, 'base64url'))];
  }
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(bytesIn);
  return [];
}

function opensWithAny(lock: Uint8Array, all: readonly Uint8Array[]): boolean {
  const tried = new Set<string>();
  for (const bytes of all) {
    for (const length of [32, 64, bytes.length]) {
      for (let start = 0; start + length <= bytes.length; start += 1) {
        const secret = bytes.subarray(start, start + length);
        const name = Buffer.from(secret).toString('latin1');
        if (tried.has(name)) continue;
        tried.add(name);
        if (opens(lock, secret)) return true;
      }
    }
  }
  return false;
}

test('[attack 18] a stolen database and all that the server sees from sign-up to recovery open no vault', async () => {
  recordTraffic();
  const { origin, dataDir } = await makeServer();
  const locks: Uint8Array[] = [];
  const person = await registerWithPassword(origin, 'correct horse battery', async (exportKey) => {
    locks.push(lockUnder(Buffer.from(exportKey, 'base64url')));
    return { password: locks[0] ?? randomBytes(80) };
  });
  const login = await logIn(origin, person.name, 'correct horse battery');
  expect(login.finished.status).toBe(200);
  const key = await makeKey();
  const set = await setPassword(person, 'staple of the second', makeVault(2), {
    recovery: toBase64Url(key.publicKey),
  });
  expect(set.status).toBe(200);
  const second = lockUnder(Buffer.from(set.exportKey, 'base64url'));
  await person.call('PUT', PATHS.vault, { vault: makeVault(3, { password: second }) });
  expect((await logIn(origin, person.name, 'staple of the second')).finished.status).toBe(200);
  const body = await recovery(origin, person.name, key);
  expect((await request(origin, 'POST', PATHS.recovery, { body })).status).toBe(200);

  const [first] = locks;
  if (!first) throw new Error('nothing was locked');
  // That this way of trying can succeed: with what only the device has.
  expect(opensWithAny(first, bytesIn([{ json: `{"k":"${login.result?.exportKey}"}` }]))).toBe(true);
  expect(opensWithAny(second, bytesIn(set.exportKey))).toBe(true);

  expect(JSON.stringify(seen)).toContain('serverLoginState'); // what the process sees, not only the wire
  const stolen = [...seen, ...everyRow(dataDir)].flatMap(bytesIn);
  const text = Buffer.concat(stolen).toString('latin1');
  expect(text).toContain(person.name); // it does hold what the server knows
  expect(stolen.some((bytes) => Buffer.from(bytes).equals(first))).toBe(true);
  for (const secret of ['correct horse battery', 'staple of the second', person.exportKey, set.exportKey]) {
    expect(text).not.toContain(secret);
  }
  expect([opensWithAny(first, stolen), opensWithAny(second, stolen)]).toEqual([false, false]);
}, 60_000);

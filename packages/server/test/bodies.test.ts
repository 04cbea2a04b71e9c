import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatProof, LIMITS, PATHS, PROOF_HEADER, type RoomId, toBase64Url } from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withBody } from '../src/http/body.ts';
import { HeldBytes } from '../src/limits/held.ts';
import { Person, request } from './support/person.ts';
import { startProcess } from './support/process.ts';
import { rawConnection } from './support/raw.ts';
import { Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

const MIB = 1_048_576;
const epochs = PATHS.epochs(randomId<RoomId>());

/** A device that is listed, a time that is right, and a signature that somebody made up. */
const madeUp = (person: Person) =>
  formatProof({
    account: person.account,
    device: person.first.device,
    time: Date.now(),
    nonce: toBase64Url(random(16)),
    bodyHash: toBase64Url(random(32)),
    signature: toBase64Url(random(64)),
  });

const residentBytes = (pid: number | undefined, which: 'VmRSS' | 'VmHWM') =>
  Number(RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;

describe('[attack 51] a body whose proof is not good', () => {
  test('is not waited for: the refusal comes before its first byte', async () => {
    const { origin, port } = await makeServer();
    const person = await Person.guest(origin);
    const connection = rawConnection(port);
    const headers = { 'content-length': LIMITS.httpBody, [PROOF_HEADER]: madeUp(person) };
    connection.begin('POST', epochs, headers);
    expect(await connection.code).toBe('unauthenticated');
  });

  test('takes no memory: 150 of 4 MiB each', async () => {
    const { child, origin, port } = await startProcess(await makeFolder());
    const person = await Person.guest(origin);
    const before = residentBytes(child.pid, 'VmRSS');
    const body = random(LIMITS.httpBody);
    const codes = Array.from({ length: 150 }, async () => {
      const connection = rawConnection(port);
      const headers = { 'content-length': body.length, [PROOF_HEADER]: madeUp(person) };
      connection.begin('POST', epochs, headers);
      connection.write(body);
      return connection.status;
    });
    const statuses = new Set(await Promise.all(codes));
    expect([...statuses].filter((status) => status !== 401 && status !== 0)).toEqual([]);
    expect(residentBytes(child.pid, 'VmHWM') - before).toBeLessThan(150 * MIB);
  });

  test('[D5] is refused where its hash is another, and its proof is used up', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const body = { accounts: [{ account: person.account, after: 0 }] };
    const proof = await person.proof('POST', PATHS.keys, JSON.stringify(body));
    const send = async (sent: unknown) =>
      (await request(origin, 'POST', PATHS.keys, { headers: { [PROOF_HEADER]: proof }, body: sent })).json
        .code;
    expect(await send({ accounts: [{ account: person.account, after: 1 }] })).toBe('unauthenticated');
    expect(await send(body)).toBe('replayed');
  });

  test('[D5] that broke off is sent again under a fresh proof', async () => {
    const { origin, port } = await makeServer();
    const person = await Person.guest(origin);
    const body = { accounts: [{ account: person.account, after: 0 }] };
    const text = JSON.stringify(body);
    const broken = rawConnection(port);
    const proof = await person.proof('POST', PATHS.keys, text);
    broken.begin('POST', PATHS.keys, { 'content-length': text.length, [PROOF_HEADER]: proof });
    broken.write(text.slice(0, 10));
    await expect.poll(() => broken.socket.bytesWritten).toBeGreaterThan(10);
    broken.socket.destroy();
    expect((await person.call('POST', PATHS.keys, body)).status).toBe(200);
    const again = { headers: { [PROOF_HEADER]: proof }, body };
    await expect
      .poll(async () => (await request(origin, 'POST', PATHS.keys, again)).json.code)
      .toBe('replayed');
  });
});

/** Begins a body and does not go on. */
function dribble(port: number, path: string, { bytes, from }: { bytes: number; from: string }) {
  const connection = rawConnection(port);
  const headers = { 'content-length': bytes + 1, 'x-forwarded-for': from };
  connection.begin('POST', path, headers);
  connection.write('x'.repeat(bytes));
  return connection;
}

describe('[attack 51] bodies of whom nobody knows', () => {
  test('are kilobytes: what is longer is refused by its stated length', async () => {
    const { port } = await makeServer();
    for (const path of [
      PATHS.loginStart,
      PATHS.loginFinish,
      PATHS.opaqueRegistration,
      PATHS.accounts,
      PATHS.devices,
      PATHS.recovery,
      PATHS.resetStart,
      PATHS.reset,
    ]) {
      const connection = rawConnection(port);
      connection.begin('POST', path, { 'content-length': 40_000 });
      expect([path, await connection.status]).toEqual([path, 413]);
    }
  });

  test('are bounded together for one address, and others have their place', async () => {
    const { origin, port } = await makeServer({ trustProxy: true });
    const held = Array.from({ length: 40 }, () =>
      dribble(port, PATHS.accounts, { bytes: 30_000, from: '10.0.0.1' }),
    );
    const answered = held.map(({ status }) => status);
    expect(await Promise.race(answered)).toBe(429);
    const { status } = await request(origin, 'POST', PATHS.accounts, {
      body: (await Person.prepare(origin)).registration(),
      headers: { 'x-forwarded-for': '10.0.0.2' },
    });
    expect(status).toBe(201);
  });

  test('from hundreds of addresses keep nobody out: who holds most gives way', async () => {
    const { origin, port } = await makeServer({ trustProxy: true });
    const held = Array.from({ length: 320 }, (_, n) =>
      dribble(port, PATHS.accounts, { bytes: 30_000, from: `10.0.${n % 2}.${n >> 1}` }),
    );
    await Promise.race(held.map(({ closed }) => closed)); // 8 MiB are taken
    for (let n = 0; n < 5; n += 1) {
      const { status } = await request(origin, 'POST', PATHS.accounts, {
        body: (await Person.prepare(origin)).registration(),
        headers: { 'x-forwarded-for': '10.1.0.1' },
      });
      expect(status).toBe(201);
    }
  });

  test('come in time, or the connection ends and nothing is held any more', async () => {
    const held = new HeldBytes({ each: 100, all: 100 });
    const server = createServer((incoming) => {
      const terms = { held, who: 'slow', limit: 100, time: 50 };
      withBody(incoming, terms, () => Promise.reject(new Error('it was not whole'))).catch(() => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const slow = dribble((server.address() as AddressInfo).port, '/', { bytes: 10, from: '10.0.0.1' });
    await slow.closed;
    await expect.poll(() => held.total).toBe(0);
    expect(slow.text()).toBe('');
  });
});

describe('[attack 51] bytes held at once', () => {
  test('are given back, and who holds most is cut first', () => {
    const held = new HeldBytes({ each: 60, all: 100 });
    const cut: string[] = [];
    const hold = (who: string) => held.hold(who, () => cut.push(who));
    const [large, middle, small] = [hold('large'), hold('middle'), hold('small')];
    large.take(50);
    middle.take(45);
    expect(() => large.take(11)).toThrow('at once');
    small.take(10);
    expect([cut, held.total]).toEqual([['large'], 55]);
    middle.arrived(); // is worked on: no longer to be cut
    expect(() => small.take(50)).toThrow('busy');
    middle.release();
    small.take(50);
    small.release();
    large.release();
    expect(held.total).toBe(0);
  });
});

test('[attack 51] a device’s own large bodies are bounded for its account, and taken again once they are through', async () => {
  const { origin, port } = await makeServer();
  const person = await Person.guest(origin);
  const room = await Room.group(person, []);
  const text = 'x'.repeat(LIMITS.httpBody);
  const open = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const connection = rawConnection(port);
      const proof = await person.proof('POST', PATHS.epochs(room.room), text);
      const headers = { 'content-length': text.length, [PROOF_HEADER]: proof };
      connection.begin('POST', PATHS.epochs(room.room), headers);
      connection.write(text.slice(1));
      return connection;
    }),
  );
  expect(await Promise.race(open.map(({ code }) => code))).toBe('rate_limited');
  for (const { socket } of open) socket.destroy();
  await expect
    .poll(async () => (await person.call('POST', PATHS.epochs(room.room), { header: '' })).json.code)
    .toBe('malformed');
});

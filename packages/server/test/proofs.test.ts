import { PATHS, PROOF_HEADER } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person, request } from './support/person.ts';
import { makeServer } from './support/server.ts';
import { makeKey, random } from './support/signing.ts';

const codeOf = async (answer: ReturnType<typeof request>) => (await answer).json.code;

test('[attack 36] a signed request serves once', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const headers = { [PROOF_HEADER]: await person.proof('GET', PATHS.people, '') };
  expect((await request(origin, 'GET', PATHS.people, { headers })).status).toBe(200);
  expect(await codeOf(request(origin, 'GET', PATHS.people, { headers }))).toBe('replayed');
  const nonce = random(16);
  const both = await Promise.all([
    person.call('GET', PATHS.people, undefined, { nonce }),
    person.call('GET', PATHS.people, undefined, { nonce }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test('[D5] a proof is bound to method, path, query and body', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const headers = async (method: string, path: string, body: string) => ({
    [PROOF_HEADER]: await person.proof(method, path, body),
  });
  const body = { accounts: [{ account: person.account, after: 0 }] };
  const other = { accounts: [{ account: person.account, after: 1 }] };
  const text = JSON.stringify(body);
  const post = (given: Record<string, string>, sent: unknown) =>
    codeOf(request(origin, 'POST', PATHS.keys, { headers: given, body: sent }));
  expect(await post(await headers('POST', PATHS.keys, text), body)).toBeUndefined();
  expect(await post(await headers('POST', PATHS.keys, text), other)).toBe('unauthenticated');
  expect(await post(await headers('PUT', PATHS.keys, text), body)).toBe('unauthenticated');
  expect(await post(await headers('POST', `${PATHS.keys}?a=1`, text), body)).toBe('unauthenticated');
});

test('[D5] a clock that is off is told the time of the server', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  for (const time of [Date.now() - 121_000, Date.now() + 125_000]) {
    const { json } = await person.call('GET', PATHS.people, undefined, { time });
    expect(json.code).toBe('clock');
    expect((await person.call('GET', PATHS.people, undefined, { time: json.time })).status).toBe(200);
  }
});

test('[attack 36] what was signed before a restart is not taken after it', async () => {
  const first = await makeServer();
  const person = await Person.guest(first.origin);
  const headers = { [PROOF_HEADER]: await person.proof('GET', PATHS.people, '') };
  expect((await request(first.origin, 'GET', PATHS.people, { headers })).status).toBe(200);
  await first.close();
  const second = await makeServer({ dataDir: first.dataDir, port: first.port });
  expect(await codeOf(request(second.origin, 'GET', PATHS.people, { headers }))).toBe('clock');
  expect((await person.call('GET', PATHS.people)).status).toBe(200);
});

test('[attack 36] what was signed ahead of the clock serves once, before or after a restart', async () => {
  const first = await makeServer();
  const person = await Person.guest(first.origin);
  const ahead = async () => ({
    [PROOF_HEADER]: await person.proof('GET', PATHS.people, '', { time: Date.now() + 60_000 }),
  });
  const [used, unused] = [await ahead(), await ahead()];
  expect((await request(first.origin, 'GET', PATHS.people, { headers: used })).status).toBe(200);
  await first.close();
  const second = await makeServer({ dataDir: first.dataDir, port: first.port });
  expect(await codeOf(request(second.origin, 'GET', PATHS.people, { headers: used }))).toBe('replayed');
  expect((await request(second.origin, 'GET', PATHS.people, { headers: unused })).status).toBe(200);
  expect(await codeOf(request(second.origin, 'GET', PATHS.people, { headers: unused }))).toBe('replayed');
});

test('[attack 36] a proof for another address is refused, and told apart where the operator must act', async () => {
  const origins: string[] = [];
  const { origin, port } = await makeServer({ origins });
  const person = await Person.guest(origin);
  const elsewhere = { origin: 'https://chat.example' };
  expect((await person.call('GET', PATHS.people, undefined, elsewhere)).json.code).toBe('unauthenticated');

  // Dialled by an address the server does not know as its own.
  const dialled = `http://127.0.0.2:${port}`;
  person.origin = dialled;
  const proof = await person.proof('GET', PATHS.people, '');
  const refused = await callByHost(origin, `127.0.0.2:${port}`, proof);
  expect(refused).toBe('wrong_origin');
  origins.push(dialled, elsewhere.origin); // read live
  const taken = await callByHost(origin, `127.0.0.2:${port}`, await person.proof('GET', PATHS.people, ''));
  expect(taken).toBeUndefined();
  person.origin = origin;
  expect((await person.call('GET', PATHS.people, undefined, elsewhere)).status).toBe(200);
  const local = { origin: `http://localhost:${port}` };
  expect((await person.call('GET', PATHS.people, undefined, local)).status).toBe(200);
});

async function callByHost(origin: string, host: string, proof: string): Promise<string | undefined> {
  const { request: send } = await import('node:http');
  return new Promise((resolve, reject) => {
    send(origin + PATHS.people, { headers: { host, [PROOF_HEADER]: proof } }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(JSON.parse(text).code);
    })
      .on('error', reject)
      .end();
  });
}

test('[K3] [attack 15] only devices of the newest list sign, each with its own key', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const phone = await person.makeDevice();
  expect((await person.call('GET', PATHS.people, undefined, { device: phone })).json.code).toBe(
    'unknown_device',
  );
  const nobody = await Person.prepare(origin);
  expect((await nobody.call('GET', PATHS.people)).json.code).toBe('unknown_device');
  const laptop = person.first;
  await person.setDevices(laptop, phone);
  expect((await person.call('GET', PATHS.people, undefined, { device: phone })).status).toBe(200);
  const thief = { ...phone, key: await makeKey() };
  expect((await person.call('GET', PATHS.people, undefined, { device: thief })).json.code).toBe(
    'unauthenticated',
  );
  await person.setDevices(laptop);
  expect((await person.call('GET', PATHS.people, undefined, { device: phone })).json.code).toBe(
    'unknown_device',
  );
});

test('[D7] a proof that is none costs nothing: no body is read for it', async () => {
  const { origin } = await makeServer();
  for (const proof of ['', 'x', 'a.b.c.d.e', `${'A'.repeat(22)}.${'A'.repeat(22)}.1.${'A'.repeat(22)}.x`]) {
    const headers = { [PROOF_HEADER]: proof };
    expect(await codeOf(request(origin, 'GET', PATHS.people, { headers })), proof).toBe('unauthenticated');
  }
});

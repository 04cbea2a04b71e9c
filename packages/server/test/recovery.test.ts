import { ready } from '@serenity-kit/opaque';
import { PATHS, toBase64Url } from '@sotto/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { beginLogin, makeVault, recovery, registerWithPassword, setPassword } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { makeServer } from './support/server.ts';
import { makeKey, random } from './support/signing.ts';

beforeAll(() => ready);

/** Somebody whose phrase is known here by its key. */
async function withPhrase(origin: string) {
  const person = await registerWithPassword(origin, 'forgotten');
  const key = await makeKey();
  const vault = makeVault(2, { phrase: toBase64Url(random(80)) });
  const put = { vault, recovery: toBase64Url(key.publicKey) };
  expect((await person.call('PUT', PATHS.vault, put)).status).toBe(200);
  return Object.assign(person, { key, vault });
}

const post = (origin: string, body: unknown, headers: Record<string, string> = {}) =>
  request(origin, 'POST', PATHS.recovery, { body, headers });

describe('[K5] the recovery phrase', () => {
  test('brings account, list and vault, however the name is written', async () => {
    const { origin } = await makeServer();
    const person = await withPhrase(origin);
    const { status, json } = await post(
      origin,
      await recovery(origin, person.name.toUpperCase(), person.key),
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      account: person.account,
      list: toBase64Url(person.signedList),
      vault: person.vault,
    });
  });

  test('a newer phrase replaces it, null takes it away, silence leaves it', async () => {
    const { origin } = await makeServer();
    const person = await withPhrase(origin);
    const statusOf = async (key = person.key) =>
      (await post(origin, await recovery(origin, person.name, key))).status;
    const put = (version: number, change: object) =>
      person.call('PUT', PATHS.vault, { vault: makeVault(version), ...change });
    await put(3, {});
    await setPassword(person, 'another', makeVault(4));
    expect(await statusOf()).toBe(200);
    const newer = await makeKey();
    await setPassword(person, 'third', makeVault(5), { recovery: toBase64Url(newer.publicKey) });
    expect([await statusOf(), await statusOf(newer)]).toEqual([401, 200]);
    expect((await put(5, { recovery: null })).json.code).toBe('vault_conflict');
    expect(await statusOf(newer)).toBe(200);
    await put(6, { recovery: null });
    expect(await statusOf(newer)).toBe(401);
  });

  test('[attack 36] its proof serves once, within minutes, at this server', async () => {
    const server = await makeServer();
    const { origin } = server;
    const person = await withPhrase(origin);
    const body = await recovery(origin, person.name, person.key);
    expect((await post(origin, body)).status).toBe(200);
    expect((await post(origin, body)).json.code).toBe('replayed');
    const elsewhere = await recovery(origin, person.name, person.key, { origin: 'https://evil.example' });
    expect((await post(origin, elsewhere)).json.code).toBe('bad_login');
    for (const off of [-121_000, 125_000]) {
      const late = await recovery(origin, person.name, person.key, { time: Date.now() + off });
      const { json } = await post(origin, late);
      expect(json).toMatchObject({ code: 'clock', time: expect.any(Number) });
    }
    const ahead = await recovery(origin, person.name, person.key, { time: Date.now() + 60_000 });
    expect((await post(origin, ahead)).status).toBe(200);
    await server.close();
    const again = await makeServer({ dataDir: server.dataDir, port: server.port });
    expect((await post(again.origin, body)).json.code).toBe('clock');
    expect((await post(again.origin, ahead)).json.code).toBe('replayed');
  });
});

describe('[attack 37] recovery', () => {
  test('answers a wrong signature, an unknown name, a guest and an account without phrase alike', async () => {
    const { origin } = await makeServer();
    const [person, plain, guest] = [
      await withPhrase(origin),
      await registerWithPassword(origin, 'p'),
      await Person.guest(origin),
    ];
    const answers = [];
    for (const name of [person.name, plain.name, guest.name, 'Nobody At All']) {
      const body = await recovery(origin, name, await makeKey());
      const answer = await fetch(origin + PATHS.recovery, { method: 'POST', body: JSON.stringify(body) });
      const headers = [...answer.headers].filter(([header]) => header !== 'date');
      answers.push({ status: answer.status, headers, text: await answer.text() });
    }
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.text).toContain('bad_login');
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('takes no signature by the published key that stands in for a missing one', async () => {
    const { origin } = await makeServer();
    const guest = await Person.guest(origin);
    // RFC 8032, test 1: PKCS #8 around the published seed.
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const pkcs8 = Uint8Array.fromHex(`302e020100300506032b657004220420${seed}`);
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    const key = { ...(await makeKey()), privateKey };
    for (const name of [guest.name, 'Nobody At All']) {
      expect((await post(origin, await recovery(origin, name, key))).json.code).toBe('bad_login');
    }
  });

  test('is limited per address under whatever name; nobody else’s tries count', async () => {
    const rates = { logins: { burst: 4, perSecond: 0.01 } };
    const { origin } = await makeServer({ trustProxy: true, rates });
    const person = await withPhrase(origin);
    const wrong = await makeKey();
    const guess = async (name: string, address: string, key = wrong) =>
      (await post(origin, await recovery(origin, name, key), { 'x-forwarded-for': address })).json.code;
    for (const name of [person.name, 'A', 'B', 'C']) expect(await guess(name, '10.0.0.1')).toBe('bad_login');
    expect(await guess(person.name, '10.0.0.1', person.key)).toBe('rate_limited');
    for (let n = 2; n < 30; n += 1) expect(await guess(person.name, `10.0.0.${n}`)).toBe('bad_login');
    expect(await guess(person.name, '10.0.0.99', person.key)).toBeUndefined();
    // Guessing at the phrase does not lock out who has the password.
    const { started } = await beginLogin(origin, person.name, 'forgotten', { 'x-forwarded-for': '10.0.0.5' });
    expect(started.status).toBe(200);
  });
});

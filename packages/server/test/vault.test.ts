import { client, ready } from '@serenity-kit/opaque';
import { LIMITS, PATHS, toBase64Url } from '@sotto/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { beginLogin, logIn, makeVault, registerWithPassword, setPassword } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

beforeAll(() => ready);

/** Somebody with two connected devices. */
async function withTwoDevices(person: Person) {
  const [laptop, phone] = [person.first, await person.makeDevice()];
  await person.setDevices(laptop, phone);
  const [onLaptop, onPhone] = [await connect(person, laptop), await connect(person, phone)];
  return { laptop, phone, onLaptop, onPhone };
}

describe('[K5] the vault', () => {
  test('moves by compare-and-set; said again it is answered alike', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'p');
    const put = async (vault: object, more = {}) =>
      (await person.call('PUT', PATHS.vault, { vault, ...more })).json;
    expect((await put(makeVault(1))).code).toBe('vault_conflict');
    expect((await put(makeVault(3))).code).toBe('vault_conflict');
    const [one, two] = await Promise.all([put(makeVault(2)), put(makeVault(2))]);
    expect([one.code, two.code].sort()).toEqual(['vault_conflict', undefined]);
    const third = makeVault(3, { phrase: toBase64Url(random(80)) });
    expect(await put(third)).toEqual({});
    expect(await put(third)).toEqual({}); // the answer was lost
    expect((await person.call('GET', PATHS.vault)).json).toEqual(third);
    for (const wrong of [
      { ...makeVault(4), password: toBase64Url(random(79)) },
      { ...makeVault(4), phrase: toBase64Url(random(81)) },
      { ...makeVault(4), extra: 1 },
      makeVault(4, { body: random(LIMITS.vault + 1) }),
    ]) {
      expect((await put(wrong)).code).toBe('malformed');
    }
    expect((await put(makeVault(4), { recovery: toBase64Url(random(31)) })).code).toBe('malformed');
  });

  test('a new version is told to the other devices, not to the one that made it', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'p');
    const { phone, onLaptop, onPhone } = await withTwoDevices(person);
    const stranger = await connect(await Person.guest(origin));
    const put = () => person.call('PUT', PATHS.vault, { vault: second });
    const second = makeVault(2);
    expect((await put()).status).toBe(200);
    expect(await onPhone.take('vault')).toEqual({ t: 'vault', version: 2 });
    expect((await put()).status).toBe(200); // again: nothing new
    await person.call('PUT', PATHS.vault, { vault: makeVault(9) });
    await person.call('PUT', PATHS.vault, { vault: makeVault(3) }, { device: phone });
    expect(await onLaptop.take('vault')).toEqual({ t: 'vault', version: 3 });
    for (const socket of [onLaptop, onPhone, stranger]) {
      await socket.settle();
      expect(socket.seen('vault')).toEqual([]);
    }
  });
});

describe('[K5] passwords', () => {
  test('a guest sets one: kind, vault and login come at once, and those who see the person hear of it', async () => {
    const { origin } = await makeServer();
    const [person, friend] = [await Person.guest(origin), await Person.guest(origin)];
    const { onLaptop, onPhone } = await withTwoDevices(person);
    const theirs = await connect(friend);
    const vault = makeVault(1);
    expect((await setPassword(person, 'first', makeVault(2))).json.code).toBe('vault_conflict');
    expect((await logIn(origin, person.name, 'first')).result).toBeUndefined();
    const set = await setPassword(person, 'first', vault);
    expect([set.status, set.json]).toEqual([200, {}]);
    for (const socket of [theirs, onLaptop, onPhone]) {
      expect(
        (await socket.take('people', ({ people }) => people[0]?.account === person.account)).people,
      ).toEqual([{ account: person.account, name: person.name, kind: 'password' }]);
    }
    expect(await onPhone.take('vault')).toEqual({ t: 'vault', version: 1 });
    expect(onLaptop.seen('vault')).toEqual([]);
    const { finished, result } = await logIn(origin, person.name, 'first');
    expect(finished.json).toMatchObject({ account: person.account, vault });
    expect(result?.exportKey).toBe(set.exportKey);
  });

  test('directory "rooms": only neighbours and the own devices hear that a guest became more', async () => {
    const { origin } = await makeServer({ directory: 'rooms' });
    const [person, friend, stranger] = [
      await Person.guest(origin),
      await Person.guest(origin),
      await Person.guest(origin),
    ];
    await Room.group(person, [friend]);
    const [own, theirs, far] = [await connect(person), await connect(friend), await connect(stranger)];
    expect((await setPassword(person, 'p', makeVault(1))).status).toBe(200);
    for (const socket of [own, theirs])
      expect((await socket.take('people')).people[0]?.kind).toBe('password');
    await far.settle();
    expect(far.seen('people')).toEqual([]);
  });

  test('a new one replaces the old at once, also for a login that had begun', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'old');
    const { onPhone } = await withTwoDevices(person);
    const begun = await beginLogin(origin, person.name, 'old');
    expect(begun.result).toBeDefined();
    const set = await setPassword(person, 'new', makeVault(2));
    expect(set.json).toEqual({});
    expect((await onPhone.take('vault')).version).toBe(2);
    const late = await request(origin, 'POST', PATHS.loginFinish, { body: begun.body });
    expect(late.json.code).toBe('bad_login');
    expect((await logIn(origin, person.name, 'old')).finished.json.code).toBe('bad_login');
    const { finished, result } = await logIn(origin, person.name, 'new');
    expect(finished.json.vault.version).toBe(2);
    expect(result?.exportKey).toBe(set.exportKey);
    expect(onPhone.seen('people')).toEqual([]);
  });

  test('[attack 18] a stolen device cannot try passwords faster than a login could, whichever device it is', async () => {
    const { origin } = await makeServer({ rates: { passwords: { burst: 2, perSecond: 0.01 } } });
    const [person, other] = [await registerWithPassword(origin, 'p'), await Person.guest(origin)];
    const { phone } = await withTwoDevices(person);
    const start = async (device: typeof phone) => {
      const { registrationRequest } = client.startRegistration({ password: 'guess' });
      return person.call('POST', PATHS.passwordStart, { request: registrationRequest }, { device });
    };
    expect((await start(person.first)).status).toBe(200);
    expect((await start(phone)).status).toBe(200);
    for (const device of [person.first, phone]) {
      const { status, json } = await start(device);
      expect([status, json.code]).toEqual([429, 'rate_limited']);
      expect(json.wait).toBeGreaterThan(10_000);
    }
    expect((await setPassword(other, 'x', makeVault(1))).status).toBe(200);
    expect((await person.call('POST', PATHS.passwordStart, { request: 'AAAA' })).json.code).toBe(
      'rate_limited',
    );
  });

  test('[attack 29] a request that is none is malformed', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    expect((await person.call('POST', PATHS.passwordStart, { request: 'AAAA' })).json.code).toBe('malformed');
    const { json } = await person.call('PUT', PATHS.password, { record: 'AAAA' });
    expect(json.code).toBe('malformed');
  });
});

describe('[M5] the archive', () => {
  const entry = () => ({
    room: randomId<string>(),
    header: toBase64Url(random(32)),
    body: toBase64Url(random(48)),
  });

  test('goes up in batches, again without harm, and comes back page by page to another device', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const { phone } = await withTwoDevices(person);
    const entries = Array.from({ length: LIMITS.archiveBatch + 20 }, entry);
    const post = (batch: unknown[]) => person.call('POST', PATHS.archive, { entries: batch });
    const [batch, rest] = [entries.slice(0, LIMITS.archiveBatch), entries.slice(LIMITS.archiveBatch)];
    expect((await post(batch)).json).toEqual({});
    expect((await post(batch)).json).toEqual({});
    expect((await post(rest)).json).toEqual({});
    expect((await post(entries)).json.code).toBe('malformed');
    const page = async (after?: number) => {
      const path = after === undefined ? PATHS.archive : `${PATHS.archive}?after=${after}`;
      return (await person.call('GET', path, undefined, { device: phone })).json;
    };
    const first = await page();
    expect(first.entries).toEqual(batch);
    expect(await page(first.next)).toEqual({ entries: rest, next: null });
    expect((await page(-1)).code).toBe('malformed');

    const newer = { ...entries[0], body: toBase64Url(random(48)) };
    await post([newer]);
    expect((await page(first.next)).entries).toEqual([...rest, newer]);
  });

  test('belongs to its account, and takes nothing but sealed secrets', async () => {
    const { origin } = await makeServer();
    const [person, other] = [await Person.guest(origin), await Person.guest(origin)];
    const good = entry();
    await person.call('POST', PATHS.archive, { entries: [good] });
    expect((await other.call('GET', PATHS.archive)).json).toEqual({ entries: [], next: null });
    for (const wrong of [
      { ...good, body: toBase64Url(random(49)) },
      { ...good, header: toBase64Url(random(31)) },
      { ...good, room: 'x' },
      { ...good, account: person.account },
    ]) {
      const { json } = await person.call('POST', PATHS.archive, { entries: [good, wrong] });
      expect(json.code).toBe('malformed');
    }
    expect((await person.call('GET', PATHS.archive)).json.entries).toEqual([good]);
  });
});

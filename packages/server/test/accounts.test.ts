import { client, ready } from '@serenity-kit/opaque';
import { PATHS, toBase64Url } from '@sotto/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { logIn, registerWithPassword } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { random } from './support/signing.ts';
import { connect } from './support/socket.ts';

beforeAll(() => ready);

describe('guests', () => {
  test('[K1] [K3] an account is made once; the same again is answered alike', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin, 'Ada');
    const again = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
    expect(again.status).toBe(201);
    const other = await Person.prepare(origin, 'Other');
    const stolen = { ...other.registration(), account: person.account };
    expect((await request(origin, 'POST', PATHS.accounts, { body: stolen })).json.code).toBe('malformed');
    const twin = Object.assign(await Person.prepare(origin), { account: person.account });
    Object.assign(twin, { list: undefined });
    const device = await twin.makeDevice();
    await twin.sign(device);
    const taken = await request(origin, 'POST', PATHS.accounts, { body: twin.registration() });
    expect(taken.json.code).toBe('id_reused');
  });

  test('a name is taken however it is written; a bad one has its own code', async () => {
    const { origin } = await makeServer();
    await Person.guest(origin, 'Åsa Öberg');
    for (const [name, code] of [
      ['åsa  öberg', 'name_taken'],
      ['ÅSA ÖBERG', 'name_taken'],
      ['<b>', 'bad_name'],
      ['', 'bad_name'],
      ['x'.repeat(41), 'bad_name'],
    ] as const) {
      const person = await Person.prepare(origin, name);
      const { json } = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
      expect(json.code, name).toBe(code);
    }
  });

  test('[K3] [attack 10] a first list has version 1, its own signature and one device', async () => {
    const { origin } = await makeServer();
    const post = async (person: Person) =>
      (await request(origin, 'POST', PATHS.accounts, { body: person.registration() })).json.code;
    const two = await Person.prepare(origin);
    await two.sign(two.first);
    expect(await post(two)).toBe('malformed'); // version 2
    const forged = await Person.prepare(origin);
    forged.signedList.set(random(64), forged.signedList.length - 64);
    expect(await post(forged)).toBe('bad_signature');
    const stranger = await Person.prepare(origin);
    stranger.first.exchange.set(random(64), stranger.first.exchange.length - 64);
    expect(await post(stranger)).toBe('bad_signature');
    const expired = await Person.prepare(origin);
    expired.first.exchange = await expired.makeExchange(
      expired.first.device,
      expired.first.key,
      Date.now() - 1,
    );
    expect(await post(expired)).toBe('malformed'); // attack 12
  });

  test('closed registration says so', async () => {
    const { origin } = await makeServer({ registration: 'closed' });
    const person = await Person.prepare(origin);
    const { status, json } = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
    expect([status, json.code]).toEqual([403, 'registration_closed']);
  });

  test('a new person is told to others; directory "rooms" keeps strangers apart until they meet', async () => {
    const open = await makeServer();
    const ann = await Person.guest(open.origin, 'Ann');
    const socket = await connect(ann);
    const ben = await Person.guest(open.origin, 'Ben');
    expect((await socket.take('people')).people).toEqual([
      { account: ben.account, name: 'Ben', kind: 'guest' },
    ]);

    const { origin } = await makeServer({ directory: 'rooms' });
    const [cat, dan] = [await Person.guest(origin, 'Cat'), await Person.guest(origin, 'Dan')];
    const [c, d] = [await connect(cat), await connect(dan)];
    await c.settle();
    expect(c.seen('presence').concat(c.seen('people'))).toEqual([]);
    expect(d.ready.online).toEqual([dan.account]);
    expect((await cat.call('GET', PATHS.people)).json.people).toHaveLength(1);
    await Room.group(cat, [dan]);
    expect((await c.take('people')).people).toMatchObject([{ name: 'Dan' }]);
    expect((await d.take('presence')).people).toMatchObject([{ account: cat.account, online: true }]);
    expect((await cat.call('GET', PATHS.people)).json.people).toHaveLength(2);
  });
});

describe('passwords (RFC 9807)', () => {
  test('[K5] the right password brings account, list and vault; the export key stays the same', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'correct horse');
    const { finished, result } = await logIn(origin, person.name.toUpperCase(), 'correct horse');
    expect(finished.json).toEqual({
      account: person.account,
      name: person.name,
      list: toBase64Url(person.signedList),
      vault: person.vault,
    });
    const again = await logIn(origin, person.name, 'correct horse');
    expect(again.result?.exportKey).toBe(result?.exportKey);
  });

  test('[attack 36] a login serves once', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'p');
    const { body, finished } = await logIn(origin, person.name, 'p');
    expect(finished.status).toBe(200);
    expect((await request(origin, 'POST', PATHS.loginFinish, { body })).json.code).toBe('bad_login');
  });

  test('[attack 37] wrong password, unknown name and guest are answered alike', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'right');
    const guest = await Person.guest(origin);
    const answers = [];
    for (const name of [person.name, 'Nobody At All', guest.name]) {
      const { started, result, finished } = await logIn(origin, name, 'wrong');
      expect(result).toBeUndefined();
      expect(started.status).toBe(200);
      answers.push({ length: started.json.response.length, keys: Object.keys(started.json), ...finished });
    }
    expect(answers[0]?.json.code).toBe('bad_login');
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('[attack 18] nobody evaluates the password of an account that exists by registering it again', async () => {
    const { origin } = await makeServer();
    const { account } = await registerWithPassword(origin, 'p');
    const { registrationRequest } = client.startRegistration({ password: 'guess' });
    const body = { account, name: 'Someone Else', request: registrationRequest };
    expect((await request(origin, 'POST', PATHS.opaqueRegistration, { body })).json.code).toBe('id_reused');
  });

  test('[attack 37] guesses are limited per name, with the time to wait', async () => {
    const { origin } = await makeServer({ rates: { logins: { burst: 2, perSecond: 0.1 } } });
    const { startLoginRequest } = client.startLogin({ password: 'x' });
    const start = (name: string) =>
      request(origin, 'POST', PATHS.loginStart, { body: { name, request: startLoginRequest } });
    expect((await start('Someone')).status).toBe(200);
    expect((await start('someone')).status).toBe(200);
    const { status, json } = await start('SOMEONE');
    expect([status, json.code]).toEqual([429, 'rate_limited']);
    expect(json.wait).toBeGreaterThan(1_000);
    expect((await start('Other')).status).toBe(200);
  });

  test('[attack 29] a request that is none is malformed, whoever it names', async () => {
    const { origin } = await makeServer();
    for (const path of [PATHS.loginStart, PATHS.opaqueRegistration]) {
      const account = path === PATHS.loginStart ? {} : { account: new Person(origin).account };
      const body = { name: 'Someone', request: 'AAAA', ...account };
      expect((await request(origin, 'POST', path, { body })).json.code).toBe('malformed');
    }
  });
});

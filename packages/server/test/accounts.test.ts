import { client, ready } from '@serenity-kit/opaque';
import { type AccountId, PATHS, toBase64Url } from '@sotto/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { logIn, registerWithPassword } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';
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
    const twin = Object.assign(await Person.prepare(origin, 'Twin'), { account: person.account });
    const register = async () => {
      Object.assign(twin, { list: undefined });
      await twin.sign(await twin.makeDevice());
      return (await request(origin, 'POST', PATHS.accounts, { body: twin.registration() })).json.code;
    };
    expect(await register()).toBe('malformed'); // attack 46: the id is that of another identity
    twin.identity = person.identity;
    expect(await register()).toBe('id_reused');
  });

  test('a name is taken however it is written; a bad one has its own code', async () => {
    const { origin } = await makeServer();
    await Person.guest(origin, 'Åsa Öberg');
    for (const [name, code] of [
      ['åsa öberg', 'name_taken'],
      ['ÅSA ÖBERG', 'name_taken'],
      ['<b>', 'bad_name'],
      ['Two  spaces', 'bad_name'],
      ['', 'malformed'],
      ['x'.repeat(41), 'malformed'],
    ] as const) {
      const person = await Person.prepare(origin, name);
      const { json } = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
      expect(json.code, name).toBe(code);
    }
  });

  test('[attack 49] no name that looks like somebody else’s; what is wrong with a name is said', async () => {
    const { origin } = await makeServer();
    await Person.guest(origin, 'Alice');
    await Person.guest(origin, 'Pope');
    for (const [name, code, flaw] of [
      ['AIice', 'name_confusable', undefined],
      ['Роре', 'name_confusable', undefined],
      ['Аlice', 'bad_name', { rule: 'script', character: 'l' }],
      ['Alice\u200b', 'bad_name', { rule: 'character', character: '\u200b' }],
      ['Alice-', 'bad_name', { rule: 'place', character: '-' }],
    ] as const) {
      const person = await Person.prepare(origin, name);
      const { json } = await request(origin, 'POST', PATHS.accounts, { body: person.registration() });
      expect(json, name).toMatchObject({ code, ...(flaw ? { flaw } : {}) });
      const body = { account: person.account, name, request: 'AAAA' };
      const started = await request(origin, 'POST', PATHS.opaqueRegistration, { body });
      expect(started.json, name).toMatchObject({ code, ...(flaw ? { flaw } : {}) });
    }
    // The same holds for who changes their name, and for whoever had it.
    const bob = await Person.guest(origin, 'Bob');
    bob.name = 'AIice';
    expect((await bob.setDevices(bob.first)).json.code).toBe('name_confusable');
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
    expect((await cat.call('GET', PATHS.people)).json.people).toHaveLength(2);
  });

  test('[attack 48] directory "rooms": nobody learns who is online by bringing them into a room', async () => {
    const { origin } = await makeServer({ directory: 'rooms' });
    const [cat, dan] = [await Person.guest(origin, 'Cat'), await Person.guest(origin, 'Dan')];
    const [c, d] = [await connect(cat), await connect(dan)];
    const room = await Room.group(cat, [dan]);
    await d.take('room');
    await c.settle();
    const seenBy = async (person: Person, of: Person) => {
      const { people } = (await person.call('GET', PATHS.people)).json;
      return people.find(({ account }: { account: string }) => account === of.account);
    };
    expect(c.seen('presence').concat(d.seen('presence'))).toEqual([]);
    expect((await connect(cat)).ready.online).toEqual([cat.account]);
    expect(await seenBy(cat, dan)).toMatchObject({ name: 'Dan', online: false, seen: null });
    await room.accept(dan);
    expect((await c.take('presence')).people).toMatchObject([{ account: dan.account, online: true }]);
    expect((await d.take('presence')).people).toMatchObject([{ account: cat.account, online: true }]);
    expect(await seenBy(cat, dan)).toMatchObject({ online: true });
    expect((await connect(cat)).ready.online.toSorted()).toEqual([cat.account, dan.account].toSorted());
  });
});

describe('passwords (RFC 9807)', () => {
  test('[K5] the right password brings account, list and vault; the export key stays the same', async () => {
    const { origin } = await makeServer();
    const person = await registerWithPassword(origin, 'correct horse');
    const { finished, result } = await logIn(origin, person.name.toUpperCase(), 'correct horse');
    expect(finished.json).toEqual({
      account: person.account,
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

  test('[attack 29] a request that is none is malformed, whoever it names', async () => {
    const { origin } = await makeServer();
    for (const path of [PATHS.loginStart, PATHS.opaqueRegistration]) {
      const account = path === PATHS.loginStart ? {} : { account: randomId<AccountId>() };
      const body = { name: 'Someone', request: 'AAAA', ...account };
      expect((await request(origin, 'POST', path, { body })).json.code).toBe('malformed');
    }
  });
});

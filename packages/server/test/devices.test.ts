import { CLOSE, PATHS, toBase64Url } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { makeKey, sha256Text } from './support/signing.ts';
import { answerChallenge, connect, TestSocket } from './support/socket.ts';

describe('[K3] device lists', () => {
  test('[attack 10] a list follows the newest by exactly one, under the same identity', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const { list, signedList, first } = person;
    const post = async (bytes: Uint8Array) =>
      (await request(origin, 'POST', PATHS.devices, { body: { list: toBase64Url(bytes) } })).json;
    const second = await person.sign(first, await person.makeDevice());
    const third = await person.sign(first);
    expect((await post(third)).code).toBe('list_conflict'); // ahead
    expect(await post(second)).toEqual({});
    expect(await post(second)).toEqual({}); // the answer was lost
    expect((await post(signedList)).code).toBe('list_conflict'); // older

    // Another branch from version 1, and another identity.
    Object.assign(person, { list, signedList });
    expect((await post(await person.sign(first))).code).toBe('list_conflict');
    expect(await post(third)).toEqual({});
    person.identity = await makeKey();
    expect((await post(await person.sign(first))).code).toBe('bad_signature');
    const ghost = await Person.prepare(origin);
    expect((await post(ghost.signedList)).code).toBe('not_found');
  });

  test('a device never changes its key, not even after it was gone', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const [laptop, phone] = [person.first, await person.makeDevice()];
    expect((await person.setDevices(laptop, phone)).status).toBe(200);
    expect((await person.setDevices(laptop)).status).toBe(200);
    const key = await makeKey();
    const swapped = { ...phone, key, exchange: await person.makeExchange(phone.device, key) };
    expect((await person.setDevices(laptop, swapped)).json.code).toBe('list_conflict');
  });

  test('[attack 34] a removed device is cut off and forgotten; friends hear of the list', async () => {
    const { origin } = await makeServer();
    const [person, friend] = [await Person.guest(origin), await Person.guest(origin)];
    const [laptop, phone] = [person.first, await person.makeDevice()];
    await person.setDevices(laptop, phone);
    const room = await Room.group(person, [friend]);
    const [onLaptop, onPhone, theirs] = [
      await connect(person),
      await connect(person, phone),
      await connect(friend),
    ];
    await person.setDevices(laptop);
    const signed = toBase64Url(person.signedList);
    expect(await onPhone.take('bye')).toMatchObject({ code: 'unknown_device', list: signed });
    expect((await onPhone.closed).code).toBe(CLOSE.removed);
    for (const socket of [onLaptop, theirs]) {
      expect(await socket.take('list')).toMatchObject({ account: person.account, version: 3 });
    }
    const { json } = await friend.call('POST', PATHS.keys, {
      accounts: [{ account: person.account, after: 1 }],
    });
    expect(json.accounts[0].lists).toHaveLength(2);
    expect(json.accounts[0].keys).toEqual([{ device: laptop.device, key: toBase64Url(laptop.exchange) }]);
    expect((await room.commit(person, {}, [person.wrapFor(phone)])).json.code).toBe('list_conflict');
  });
});

test('[attack 34] a removed device that comes back gets the list that leaves it out; nobody else does', async () => {
  const { origin } = await makeServer();
  const person = await Person.guest(origin);
  const [laptop, phone] = [person.first, await person.makeDevice()];
  const knock = async (device: typeof phone) => {
    const socket = new TestSocket(origin);
    const { nonce } = await socket.take('challenge');
    socket.send(await answerChallenge(nonce, person, { device }));
    const bye = await socket.take('bye');
    return { ...bye, close: (await socket.closed).code };
  };
  await person.setDevices(laptop, phone);
  await person.setDevices(laptop); // while the phone is away
  await person.setDevices(laptop, await person.makeDevice());
  const list = toBase64Url(person.signedList);
  expect(await knock(phone)).toMatchObject({ code: 'unknown_device', close: CLOSE.removed, list });
  for (const stranger of [await person.makeDevice(), { ...phone, key: await makeKey() }]) {
    const bye = await knock(stranger);
    expect(bye).toMatchObject({ code: 'unknown_device', close: CLOSE.unauthenticated });
    expect(bye.list).toBeUndefined();
  }
});

test('an account sees its own devices: who is connected, and when each was last', async () => {
  const { origin } = await makeServer();
  const [person, other] = [await Person.guest(origin), await Person.guest(origin)];
  const [laptop, phone] = [person.first, await person.makeDevice()];
  await person.setDevices(laptop, phone);
  const own = async () => {
    const { json } = await person.call('GET', PATHS.ownDevices);
    return json.devices as { device: string; online: boolean; seen: number | null }[];
  };
  expect(await own()).toEqual([
    { device: laptop.device, online: false, seen: null },
    { device: phone.device, online: false, seen: null },
  ]);
  const before = Date.now();
  const [tab, second] = [await connect(person, phone), await connect(person, phone)];
  await connect(other);
  await expect.poll(async () => (await own())[1]?.seen).toBeGreaterThanOrEqual(before);
  expect((await own()).map(({ online }) => online)).toEqual([false, true]);
  const came = (await own())[1]?.seen ?? 0;
  tab.ws.close();
  await tab.closed;
  expect((await own())[1]).toMatchObject({ online: true, seen: came }); // another tab is still there
  await new Promise((resolve) => setTimeout(resolve, 2)); // so that the clock has moved
  second.ws.close();
  await expect.poll(async () => (await own())[1]).toMatchObject({ online: false });
  await expect.poll(async () => (await own())[1]?.seen).toBeGreaterThan(came);
  await person.setDevices(laptop);
  expect((await own()).map(({ device }) => device)).toEqual([laptop.device]);
});

test('[K2] a device replaces its own exchange key, signed by itself', async () => {
  const { origin } = await makeServer();
  const [person, other] = [await Person.guest(origin), await Person.guest(origin)];
  const { device, key } = person.first;
  const put = async (exchange: Uint8Array) =>
    (await person.call('PUT', PATHS.exchangeKey, { key: toBase64Url(exchange) })).json;
  const fresh = await person.makeExchange(device, key);
  expect(await put(fresh)).toEqual({});
  expect((await put(await person.makeExchange(device, await makeKey()))).code).toBe('bad_signature');
  expect((await put(other.first.exchange)).code).toBe('unknown_device');
  expect((await put(await person.makeExchange(device, key, Date.now() - 1_000))).code).toBe('malformed');
  const { json } = await other.call('POST', PATHS.keys, {
    accounts: [{ account: person.account, after: 0 }],
  });
  expect(sha256Text(Uint8Array.fromBase64(json.accounts[0].keys[0].key, { alphabet: 'base64url' }))).toBe(
    sha256Text(fresh),
  );
});

test('presence: online at the first connection, last seen after the last', async () => {
  const { origin } = await makeServer();
  const [ann, ben] = [await Person.guest(origin), await Person.guest(origin)];
  const watching = await connect(ann);
  const [tab, second] = [await connect(ben), await connect(ben)];
  const online = await watching.take('presence', ({ people }) => people[0]?.account === ben.account);
  expect(online.people).toEqual([{ account: ben.account, online: true, seen: null }]);
  expect(second.ready.online.toSorted()).toEqual([ann.account, ben.account].toSorted());
  tab.ws.close();
  await tab.closed;
  await watching.settle();
  const told = watching.seen('presence').filter((frame) => JSON.stringify(frame).includes(ben.account));
  expect(told).toEqual([]); // another tab is still there
  second.ws.close();
  const gone = await watching.take('presence', ({ people }) => people[0]?.account === ben.account);
  expect(gone.people).toMatchObject([{ account: ben.account, online: false }]);
  const { json } = await ann.call('GET', PATHS.people);
  const seen = json.people.find((person: { account: string }) => person.account === ben.account).seen;
  expect(seen).toBe(gone.people[0]?.seen);
});

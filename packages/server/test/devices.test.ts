import {
  type AccountId,
  CLOSE,
  type DeviceId,
  DeviceListCodec,
  ExchangeKeyCodec,
  LIMITS,
  PATHS,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeviceLists } from '../src/devices/lists.ts';
import { makeVault } from './support/password.ts';
import { accountOf, type Device, Person, request } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { kemKey, makeKey, random, randomId, sha256Text, signed } from './support/signing.ts';
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
    for (const previous of [random(32), null]) {
      const beside = { ...person.list, version: 3, previous };
      const bytes = await signed('deviceList', DeviceListCodec.encode(beside), person.identity);
      expect((await post(bytes)).code).toBe('list_conflict');
    }
    expect(await post(third)).toEqual({});
    person.identity = await makeKey();
    expect((await post(await person.sign(first))).code).toBe('bad_signature');
    const ghost = await Person.prepare(origin);
    expect((await post(ghost.signedList)).code).toBe('not_found');
  });

  test('[attack 37] changed without end, it is refused in time; read by many at once, it comes in pieces', async () => {
    const few = { changes: { burst: 3, perSecond: 0.01 } };
    const { origin } = await makeServer({ rates: few });
    const busy = await Person.guest(origin);
    const codes: unknown[] = [];
    for (let i = 0; i < 4; i++) codes.push((await busy.setDevices(busy.first)).json.code);
    expect(codes).toEqual([undefined, undefined, undefined, 'rate_limited']);

    const rates = { lists: { burst: 9_999, perSecond: 1 }, changes: { burst: 9_999, perSecond: 1 } };
    const open = await makeServer({ rates });
    const [reader, ...others] = [
      await Person.guest(open.origin),
      await Person.guest(open.origin),
      await Person.guest(open.origin),
    ];
    for (const person of others) {
      const devices = [person.first];
      while (devices.length < LIMITS.devices) devices.push(await person.makeDevice());
      for (let size = 0; size < LIMITS.keyAnswer; ) {
        expect((await person.setDevices(...devices)).json).toEqual({});
        size += toBase64Url(person.signedList).length;
      }
    }
    const asked = others.map(({ account }) => ({ account, after: 0 }));
    const read = async (accounts: unknown) => (await reader.call('POST', PATHS.keys, { accounts })).json;
    const first = await read([...asked, ...asked, ...asked]);
    expect(first.more).toBe(true);
    expect(first.accounts).toMatchObject([{ account: asked[0]?.account }]);
    const { accounts, more } = await read(asked.slice(1));
    expect([accounts.length, more]).toEqual([1, undefined]);
  });

  test('[attack 47] keys that clients refuse are refused here, in every place a key can stand', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const room = await Room.group(person, []);
    const identity = new Uint8Array(32); // of small order, so that anybody signs for it
    const odd = new Uint8Array(32).fill(0xff); // no number below p
    for (const key of [identity, odd]) {
      const publicKey = key;
      const laptop = { ...person.first, key: { ...person.first.key, publicKey } };
      const [before, known] = [person.list, person.signedList];
      const list = toBase64Url(await person.sign(person.first, { ...laptop, device: randomId<DeviceId>() }));
      Object.assign(person, { list: before, signedList: known, devices: [person.first] });
      const forged = await Person.prepare(origin);
      const own = forged.identity;
      forged.identity = { ...own, publicKey };
      Object.assign(forged, { list: undefined, account: accountOf(forged.identity) });
      await forged.sign(forged.first);
      const invite = { key: publicKey, expires: Date.now() + 60_000, sealed: random(64) };
      const answers = {
        'a device of a list': await request(origin, 'POST', PATHS.devices, { body: { list } }),
        'the identity of an account': await request(origin, 'POST', PATHS.accounts, {
          body: forged.registration(),
        }),
        'an invite': await room.commit(person, { invites: [invite] }),
        'the recovery phrase': await person.call('PUT', PATHS.vault, {
          vault: makeVault(2),
          recovery: toBase64Url(publicKey),
        }),
        'an invite asked for': await request(origin, 'GET', PATHS.invite(room.room, toBase64Url(publicKey))),
      };
      for (const [what, { json }] of Object.entries(answers)) expect(json.code, what).toBe('malformed');
    }
    const { device, key } = person.first;
    for (const [at, value] of [
      [0, [0xff, 0xff, 0xff]],
      [1_184, [0x31]],
      [1_582 - 6, [0]],
      [1_582 - 3, [0, 0, 1]],
    ] as const) {
      const unsound = kemKey();
      unsound.set(value, at);
      const exchange = toBase64Url(await person.makeExchange(device, key, Date.now() + 3_600_000, unsound));
      expect((await person.call('PUT', PATHS.exchangeKey, { key: exchange })).json.code).toBe('malformed');
    }
    expect(
      (await person.call('PUT', PATHS.exchangeKey, { key: toBase64Url(person.first.exchange) })).json,
    ).toEqual({});
  });

  test('[attack 10] of two that follow the same list one is taken, though both were looked at', async () => {
    const { origin } = await makeServer();
    const person = await Person.guest(origin);
    const { list, signedList, first } = person;
    const post = async (bytes: Uint8Array) =>
      (await request(origin, 'POST', PATHS.devices, { body: { list: toBase64Url(bytes) } })).json;
    const one = await person.sign(first);
    Object.assign(person, { list, signedList });
    const other = await person.sign(first, await person.makeDevice());
    const { newest } = DeviceLists.prototype;
    const spy = vi.spyOn(DeviceLists.prototype, 'newest');
    onTestFinished(() => spy.mockRestore());
    spy.mockImplementationOnce(async function (this: DeviceLists, account) {
      const before = await newest.call(this, account);
      expect(await post(one)).toEqual({});
      return before;
    });
    expect((await post(other)).code).toBe('list_conflict');
  });

  test('[attack 37] lists are read within a rate, each once, and of whom nobody knows there are none', async () => {
    const { origin } = await makeServer({ rates: { reading: { burst: 3_000, perSecond: 0.001 } } });
    const [person, reader] = [await Person.guest(origin), await Person.guest(origin)];
    for (let n = 0; n < 3; n += 1) await person.setDevices(person.first);
    const read = async (...asked: [AccountId, number][]) => {
      const accounts = asked.map(([account, after]) => ({ account, after }));
      return (await reader.call('POST', PATHS.keys, { accounts })).json;
    };
    const { account } = person;
    const { accounts } = await read([randomId(), 0], [account, 3], [account, 0]);
    expect(accounts).toEqual([
      {
        account,
        lists: [toBase64Url(person.signedList)],
        keys: [{ device: person.first.device, key: toBase64Url(person.first.exchange) }],
      },
    ]);
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push((await read([account, 0])).code);
    expect(answers.at(-1)).toBe('rate_limited');
    expect(answers[0]).toBeUndefined();
  });

  test('a new name is told with the list that carries it, and only then', async () => {
    const { origin } = await makeServer();
    const [person, friend] = [await Person.guest(origin), await Person.guest(origin)];
    await Room.group(person, [friend]);
    const socket = await connect(friend);
    await person.setDevices(person.first);
    await socket.take('list');
    expect(socket.seen('people')).toEqual([]);
    person.name = 'Another Name';
    await person.setDevices(person.first);
    const { people } = await socket.take('people');
    expect(people).toEqual([{ account: person.account, name: 'Another Name', kind: 'guest' }]);
    person.name = friend.name;
    expect((await person.setDevices(person.first)).json.code).toBe('name_taken');
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

describe('[K2] exchange keys', () => {
  const MINUTE = 60_000;

  async function setUp() {
    const { origin } = await makeServer();
    const [person, other] = [await Person.guest(origin), await Person.guest(origin)];
    const shown = async () => {
      const asked = [{ account: person.account, after: 0 }];
      const { json } = await other.call('POST', PATHS.keys, { accounts: asked });
      const keys = json.accounts[0].keys as { device: string; key: string }[];
      return Object.fromEntries(
        keys.map(({ device, key }) => [
          device,
          sha256Text(Uint8Array.fromBase64(key, { alphabet: 'base64url' })),
        ]),
      );
    };
    const put = async (exchange: Uint8Array, device = person.first) =>
      (await person.call('PUT', PATHS.exchangeKey, { key: toBase64Url(exchange) }, { device })).json;
    const post = async (list: Uint8Array, key: Uint8Array) => {
      const body = { list: toBase64Url(list), key: toBase64Url(key) };
      return (await request(origin, 'POST', PATHS.devices, { body })).json;
    };
    /** The device's key, this much newer than the one it came with. */
    const newer = ({ device, key, exchange }: Device, by: number) => {
      const { notAfter } = ExchangeKeyCodec.decode(exchange.slice(0, -64));
      return person.makeExchange(device, key, notAfter + by);
    };
    return { person, other, shown, put, post, newer };
  }

  test('a device replaces its own, signed by itself, while it is alive', async () => {
    const { person, other, shown, put, newer } = await setUp();
    const { device, key } = person.first;
    const fresh = await newer(person.first, MINUTE);
    expect(await put(fresh)).toEqual({});
    expect((await put(await person.makeExchange(device, await makeKey()))).code).toBe('bad_signature');
    expect((await put(other.first.exchange)).code).toBe('unknown_device');
    expect((await put(await person.makeExchange(device, key, Date.now() - 1_000))).code).toBe('malformed');
    const ahead = await person.makeExchange(device, key, Date.now() + LIMITS.lifetimeSkew + 121 * MINUTE);
    expect((await put(ahead)).code).toBe('malformed');
    expect(await shown()).toEqual({ [device]: sha256Text(fresh) });
  });

  test('[attack 43] only a newer one is taken from it; the same again is answered alike', async () => {
    const { person, shown, put, newer } = await setUp();
    const { device, key, exchange } = person.first;
    const fresh = await newer(person.first, 2 * MINUTE);
    expect(await put(fresh)).toEqual({});
    expect(await put(fresh)).toEqual({}); // the answer was lost
    const { notAfter } = ExchangeKeyCodec.decode(fresh.slice(0, -64));
    const sameTime = await person.makeExchange(device, key, notAfter);
    const between = await newer(person.first, MINUTE);
    for (const older of [exchange, between, sameTime]) expect((await put(older)).code).toBe('stale_key');
    expect(await shown()).toEqual({ [device]: sha256Text(fresh) });
  });

  test('[attack 43] nobody sets it beside a device list: not a stranger, not with a list said again', async () => {
    const { person, shown, put, post, newer } = await setUp();
    const [laptop, phone] = [person.first, await person.makeDevice()];
    // K2: a list brings the key of a device that it adds.
    const second = await person.sign(laptop, phone);
    expect((await post(second, await newer(laptop, MINUTE))).code).toBe('forbidden');
    expect(await post(second, phone.exchange)).toEqual({});
    const theirs = { [phone.device]: sha256Text(phone.exchange) };
    expect(await shown()).toEqual({ [laptop.device]: sha256Text(laptop.exchange), ...theirs });
    // Everything in these requests is public, and genuine.
    const fresh = await newer(laptop, MINUTE);
    expect(await put(fresh)).toEqual({});
    for (const signed of [laptop.exchange, await newer(laptop, 2 * MINUTE), await newer(phone, MINUTE)]) {
      expect(await post(second, signed)).toEqual({}); // said again: nothing is new
    }
    expect(await shown()).toEqual({ [laptop.device]: sha256Text(fresh), ...theirs });
    const third = await person.sign(laptop, phone, await person.makeDevice());
    expect((await post(third, await newer(phone, MINUTE))).code).toBe('forbidden'); // one of several
  });

  test('a device does not set that of another device of its account', async () => {
    const { person, shown, put, newer } = await setUp();
    const [laptop, phone] = [person.first, await person.makeDevice()];
    await person.setDevices(laptop, phone);
    const before = await shown();
    expect((await put(await newer(phone, MINUTE), laptop)).code).toBe('forbidden');
    expect(await shown()).toEqual(before);
    expect(await put(await newer(phone, MINUTE), phone)).toEqual({});
  });
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

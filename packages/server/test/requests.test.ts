import { type HeaderHash, headerHash, LIMITS, PATHS, toBase64Url } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { type Device, Person } from './support/person.ts';
import { Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { random } from './support/signing.ts';
import { connect, type TestSocket } from './support/socket.ts';

async function people(count: number, options = {}) {
  const { origin } = await makeServer(options);
  const all: Person[] = [];
  for (let i = 0; i < count; i++) all.push(await Person.guest(origin));
  return all as [Person, Person, Person, Person];
}

const ask = (person: Person, room: Room, headers: readonly HeaderHash[] = [room.hash]) =>
  person.call('POST', PATHS.requests(room.room), { headers });

function answer(by: Person, room: Room, asker: Person, headers: readonly HeaderHash[] = [room.hash]) {
  const { device, key } = by.wrapFor(asker.first);
  const wraps = headers.map((header) => ({ header, body: toBase64Url(random(64)) }));
  return by.call('POST', PATHS.roomWraps(room.room), { account: asker.account, device, key, wraps });
}

/** Which of these connections was asked; exactly one within a moment. */
async function asked(sockets: readonly TestSocket[]): Promise<number> {
  const among = () => sockets.flatMap((socket, index) => socket.seen('requests').map(() => index));
  await expect.poll(() => among().length).toBeGreaterThan(0);
  for (const socket of sockets) await socket.settle();
  const [index = -1, ...more] = among();
  expect(more).toEqual([]);
  await sockets[index]?.take('requests');
  return index;
}

async function manyHeaders(room: Room, author: Person, count: number): Promise<HeaderHash[]> {
  const headers = [room.hash];
  while (headers.length < count) {
    expect((await room.commit(author)).status).toBe(201);
    headers.push(room.hash);
  }
  return headers;
}

describe('[R6] [attack 50] what a device asks for', () => {
  test('goes to one member alone, all of it at once, and is answered at once', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, [ben, cat]);
    await room.accept(ben, cat);
    const headers = await manyHeaders(room, ann, 20);
    const [a, b, c] = [await connect(ann), await connect(ben), await connect(cat)];
    expect((await ask(ben, room, headers)).json).toEqual({});
    const first = await Promise.race([a.take('requests'), c.take('requests')]);
    expect(first).toEqual({
      t: 'requests',
      room: room.room,
      account: ben.account,
      device: ben.first.device,
      headers: headers.toReversed(),
    });
    for (const socket of [a, b, c]) await socket.settle();
    expect([a, b, c].flatMap((socket) => socket.seen('requests'))).toEqual([]);
    // The other one was not asked.
    const answers = [await answer(ann, room, ben, headers), await answer(cat, room, ben, headers)];
    expect(answers.map(({ json }) => json.code).toSorted()).toEqual(['forbidden', undefined]);
    const wraps = (await ben.call('GET', PATHS.wraps)).json.wraps as { header: HeaderHash }[];
    expect(wraps.map(({ header }) => header).toSorted()).toEqual(headers.toSorted());
    for (const header of headers) await b.take('wrap', ({ wrap }) => wrap.header === header);
  });

  test('[attack 27] is answered by who was asked, once; an answer said again changes nothing', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, [ben]);
    const header = room.hash;
    expect((await answer(ann, room, ben)).json.code).toBe('forbidden'); // nobody asked
    const [a, b] = [await connect(ann), await connect(ben)];
    expect((await ask(cat, room)).json.code).toBe('forbidden');
    expect((await ask(ben, room, [headerHash(random(32))])).json.code).toBe('forbidden');
    expect((await ask(ben, room)).json).toEqual({});
    await a.take('requests');
    expect((await answer(cat, room, ben)).json.code).toBe('not_member');
    expect((await answer(ann, room, cat)).json.code).toBe('forbidden');
    const stale = ann.wrapFor(ann.first).key;
    const [wrap, other] = [random(64), random(64)].map((bytes) => ({ header, body: toBase64Url(bytes) }));
    const { account } = ben;
    const { device } = ben.first;
    const say = (key: string, wraps: unknown[]) =>
      ann.call('POST', PATHS.roomWraps(room.room), { account, device, key, wraps });
    const { key } = ann.wrapFor(ben.first);
    expect((await say(stale, [wrap])).json.code).toBe('stale_key');
    expect((await say(key, [wrap])).json).toEqual({});
    expect((await b.take('wrap')).wrap).toMatchObject({ epoch: 1, header, key, body: wrap?.body });
    expect((await say(key, [wrap])).json).toEqual({});
    expect((await say(key, [other])).json).toEqual({});
    await b.settle();
    expect(b.seen('wrap')).toEqual([]);
    expect((await ben.call('GET', PATHS.wraps)).json.wraps).toMatchObject([{ body: wrap?.body }]);
  });

  test('goes on: to the next where one is silent or goes, to whoever comes where nobody is there', async () => {
    const [ann, ben, cat, dan] = await people(4);
    const room = await Room.group(ann, [ben, cat, dan]);
    await room.accept(ben, cat, dan);
    const b = await connect(ben);
    expect((await ask(ben, room)).json).toEqual({});
    const a = await connect(ann);
    await a.take('requests');
    const sockets = [await connect(cat), await connect(dan)] as const;
    for (const socket of sockets) await socket.settle();
    expect(sockets.flatMap((socket) => socket.seen('requests'))).toEqual([]); // Ann has it now
    a.ws.close();
    const silent = await asked(sockets);
    const other = sockets[1 - silent];
    await other?.take('requests'); // in its time
    expect((await answer([cat, dan][1 - silent] as Person, room, ben)).json).toEqual({});
    await b.take('wrap');
    // Late, but asked.
    expect((await answer([cat, dan][silent] as Person, room, ben)).json).toEqual({});
    expect(b.seen('wrap')).toEqual([]);
  });

  test('[attack 27] cannot be spoilt by who had its turn, when the device asks again or somebody else has it', async () => {
    const [ann, ben, mallory] = await people(3);
    const room = await Room.group(ann, [ben, mallory]);
    await room.accept(ben, mallory);
    const b = await connect(ben);
    const m = await connect(mallory);
    expect((await ask(ben, room)).json).toEqual({});
    await m.take('requests'); // nobody else is there
    expect((await answer(mallory, room, ben)).json).toEqual({});
    await b.take('wrap');
    const a = await connect(ann);
    expect((await ask(ben, room)).json).toEqual({}); // it did not open
    expect((await answer(mallory, room, ben)).json.code).toBe('forbidden');
    await a.take('requests');
    expect((await answer(mallory, room, ben)).json.code).toBe('forbidden');
    expect((await answer(ann, room, ben)).json).toEqual({});
    await b.take('wrap');
    expect((await ben.call('GET', PATHS.wraps)).json.wraps).toHaveLength(1);
  });

  test('goes to the account’s own devices first, never to the one that asks', async () => {
    const [ann, ben] = await people(2);
    const room = await Room.group(ann, [ben]);
    await room.accept(ben);
    const phone: Device = await ben.makeDevice();
    await ben.setDevices(ben.first, phone);
    const sockets = [await connect(ann), await connect(ben), await connect(ben, phone)];
    expect((await ask(ben, room)).json).toEqual({});
    expect(await asked(sockets)).toBe(2);
  });

  test('is not asked of devices that ask for the same', async () => {
    const [ann, ben, cat] = await people(3);
    const room = await Room.group(ann, [ben, cat]);
    await room.accept(ben, cat);
    await ask(ben, room);
    await ask(cat, room);
    const sockets = [await connect(ben), await connect(cat)];
    for (const socket of sockets) await socket.settle();
    expect(sockets.flatMap((socket) => socket.seen('requests'))).toEqual([]);
    const a = await connect(ann);
    await a.take('requests');
    await a.take('requests');
  });

  test('is bounded: in one request, of one account, and over time', async () => {
    const [ann, ben] = await people(2, { rates: { asking: { burst: 5, perSecond: 0.01 } } });
    const room = await Room.group(ann, [ben]);
    const headers = await manyHeaders(room, ann, 3);
    const many = Array.from({ length: LIMITS.requests + 1 }, () => headerHash(random(32)));
    expect((await ask(ben, room, many)).json.code).toBe('malformed');
    expect((await ask(ben, room, headers)).json).toEqual({});
    expect((await ask(ben, room, headers)).json).toMatchObject({
      code: 'rate_limited',
      wait: expect.any(Number),
    });
    expect((await ask(ben, room, headers.slice(1))).json).toEqual({});
    expect((await ask(ben, room)).json.code).toBe('rate_limited');
    expect((await ask(ann, room, headers)).json).toEqual({}); // another account keeps its own
  });
});

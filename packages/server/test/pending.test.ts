import { LIMITS, PATHS } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

async function people(rates = {}): Promise<[mallory: Person, ben: Person, cat: Person]> {
  const { origin } = await makeServer({ rates });
  return [await Person.guest(origin), await Person.guest(origin), await Person.guest(origin)];
}

const bring = (mallory: Person, ben: Person) =>
  new Room().commit(mallory, { members: [member(mallory, 'admin'), member(ben)] });

test('[attack 48] nobody is put into more than a few rooms; accepting makes way, and is said twice alike', async () => {
  const [mallory, ben, cat] = await people();
  const rooms: Room[] = [];
  for (let i = 0; i < LIMITS.pendingEach; i++) rooms.push(await Room.group(mallory, [ben]));
  const refused = await bring(mallory, ben);
  expect([refused.status, refused.json.code]).toEqual([409, 'unanswered']);
  expect((await bring(cat, ben)).status).toBe(201); // others are not kept out by it
  const { ready } = await connect(ben);
  expect(ready.rooms).toHaveLength(LIMITS.pendingEach + 1);
  expect(ready.rooms.every(({ pending }) => pending)).toBe(true);
  expect((await connect(mallory)).ready.rooms.some(({ pending }) => pending)).toBe(false);
  const [first] = rooms;
  if (!first) throw new Error('no room was made');
  await first.accept(ben, ben, mallory);
  expect((await connect(ben)).ready.rooms[0]).toMatchObject({ room: first.room, pending: false });
  expect((await bring(mallory, ben)).status).toBe(201);
  expect((await cat.call('POST', PATHS.accept(first.room))).json.code).toBe('not_member');
});

test('[attack 48] a room that one was taken out of before accepting it is not told of any more', async () => {
  const [mallory, ben] = await people();
  const room = await Room.group(mallory, [ben]);
  const b = await connect(ben);
  await room.commit(mallory, { members: [member(mallory, 'admin')] });
  expect((await b.take('room')).room).toMatchObject({ until: 2 });
  expect((await connect(ben)).ready.rooms).toEqual([]);
  expect((await ben.call('POST', PATHS.accept(room.room))).json.code).toBe('not_member');
});

test('[attack 48] bringing the same person in again and again is limited', async () => {
  const [mallory, ben] = await people({ bringing: { burst: 2, perSecond: 0.001 } });
  const room = await Room.group(mallory, [ben]);
  const out = { members: [member(mallory, 'admin')] };
  const back = { members: [member(mallory, 'admin'), member(ben)] };
  expect((await room.commit(mallory, out)).status).toBe(201);
  expect((await room.commit(mallory, back)).status).toBe(201);
  expect((await room.commit(mallory, out)).status).toBe(201);
  expect((await room.commit(mallory, back)).json.code).toBe('rate_limited');
});

test('[attack 48] [attack 50] keys of epochs that somebody makes without end do not pile up for who is away', async () => {
  const [mallory, ben] = await people({ epochs: { burst: 2_000, perSecond: 100 } });
  const room = await Room.group(mallory, [ben]);
  const epochs = LIMITS.wrapsEach + 10;
  while (room.header.epoch < epochs) {
    expect((await room.commit(mallory, {}, [mallory.wrapFor(ben.first)])).status).toBe(201);
  }
  const waiting = async () => {
    const { wraps } = (await ben.call('GET', PATHS.wraps)).json as { wraps: { epoch: number }[] };
    return wraps.map(({ epoch }) => epoch);
  };
  const newest = (count: number) => Array.from({ length: count }, (_, index) => epochs - count + 1 + index);
  expect(await waiting()).toEqual(newest(LIMITS.wrapsPending));
  await room.accept(ben); // what else is kept is given once the room is wanted
  expect(await waiting()).toEqual(newest(LIMITS.wrapsEach));
});

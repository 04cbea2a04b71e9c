import { fromBase64Url, PATHS } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { chainOver, member as memberOf, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

test('[D1] [D2] two people talk in a room and read the same chained log', async () => {
  const { origin } = await makeServer();
  const [alice, bob] = [await Person.guest(origin, 'Alice'), await Person.guest(origin, 'Bob')];
  const a = await connect(alice);
  const b = await connect(bob);
  const room = new Room();
  const wraps = [alice.wrapFor(bob.first)];
  const members = [...room.next(alice).members, memberOf(bob)];
  const committed = await room.commit(alice, { members }, wraps);
  expect(committed.status).toBe(201);

  // Wrap, room, entries: in this order, so that a device can open what follows.
  await b.settle();
  const order = b.frames.map(({ t }) => t).filter((t) => ['wrap', 'room', 'entries'].includes(t));
  expect(order).toEqual(['wrap', 'room', 'entries']);
  await b.take('entries');
  expect((await b.take('wrap')).wrap.body).toBe(wraps[0]?.body);
  expect((await b.take('room')).room).toEqual({
    room: room.room,
    head: 1,
    epoch: 1,
    until: null,
    pending: true,
    chain: null,
  });

  const sent = room.message(alice);
  a.send({ t: 'send', ...sent });
  const ack = await a.take('ack');
  expect(ack).toMatchObject({ id: sent.id, position: 2 });
  const { entries } = await b.take('entries');
  expect(entries).toMatchObject([
    { position: 2, kind: 'message', id: sent.id, body: sent.body, time: ack.time },
  ]);

  const page = await bob.call('GET', `${PATHS.log(room.room)}?after=0`);
  expect(page.json).toMatchObject({ head: 2, entries: [{ position: 1, kind: 'epoch' }, { position: 2 }] });
  const older = await bob.call('GET', `${PATHS.log(room.room)}?before=2&limit=1`);
  expect(older.json.entries).toHaveLength(1);
  const start = fromBase64Url(page.json.chain);
  const newer = await bob.call('GET', `${PATHS.log(room.room)}?after=2`);
  expect(start && chainOver(start, page.json.entries)).toEqual(fromBase64Url(newer.json.chain));

  const people = await bob.call('GET', PATHS.people);
  expect(people.json.people).toMatchObject([
    { name: 'Alice', online: true, kind: 'guest' },
    { name: 'Bob', online: true },
  ]);
});

import { PATHS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { Person } from './support/person.ts';
import { member, Room, seenBy } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

async function people(): Promise<[ann: Person, ben: Person, cat: Person]> {
  const { origin } = await makeServer();
  return [await Person.guest(origin), await Person.guest(origin), await Person.guest(origin)];
}

const leave = (person: Person, room: Room, statement: Uint8Array, device = person.first) =>
  person.call('POST', PATHS.leave(room.room), { leave: toBase64Url(statement) }, { device });

test('[R3] who leaves is told of the epoch that it left, and that nothing is pending', async () => {
  const [ann, ben] = await people();
  const room = await Room.group(ann, [ben]);
  await room.commit(ann);
  const b = await connect(ben);
  expect((await leave(ben, room, await room.leave(ben))).json).toMatchObject({ position: 3 });
  const left = { room: room.room, head: 3, epoch: 2, until: 3, pending: false, chain: null };
  expect((await b.take('room')).room).toEqual(left);
});

test('[R3] [attack 27] a leave is of the account, of the device and for the room that it is brought for', async () => {
  const [ann, ben] = await people();
  const [room, other] = [await Room.group(ann, [ben]), await Room.group(ann, [ben])];
  for (const change of [{ account: ann.account }, { device: ann.first.device }, { room: other.room }]) {
    const { json } = await leave(ben, room, await room.leave(ben, change));
    expect(json).toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('another author or room'),
    });
  }
  expect((await leave(ben, room, await room.leave(ben))).status).toBe(200);
});

test('[R3] [attack 27] a header takes leaves of its own room alone, of a member, under the header before', async () => {
  const [ann, ben, cat] = await people();
  const [room, other] = [await Room.group(ann, [ben]), await Room.group(ann, [ben])];
  const before = await room.leave(ben);
  await room.commit(ann);
  for (const statement of [before, await room.leave(ben, { room: other.room }), await room.leave(cat)]) {
    const { json } = await room.commit(ann, { members: [member(ann, 'admin')], leaves: [statement] });
    expect(json).toMatchObject({
      code: 'rule_broken',
      message: expect.stringContaining('another room or header'),
    });
  }
});

test('[R3] [K3] the leaver’s device is looked for from the list on that the header before names', async () => {
  const [ann, ben] = await people();
  const [phone, old] = [ben.first, await ben.makeDevice()];
  await ben.setDevices(phone, old);
  await ben.setDevices(phone);
  const room = await Room.group(ann, [ben]); // under the third list
  const without = { members: [member(ann, 'admin')] };
  const removed = await room.leave(ben, {}, old);
  expect((await room.commit(ann, { ...without, leaves: [removed] })).json.code).toBe('unknown_device');
  const tablet = await ben.makeDevice();
  await ben.setDevices(phone, tablet);
  const signed = await room.leave(ben, {}, tablet);
  expect((await leave(ben, room, signed, tablet)).status).toBe(200);
  const seen = await seenBy(ann, room.room);
  expect((await room.commit(ann, { ...without, leaves: [signed], seen })).status).toBe(201);
});

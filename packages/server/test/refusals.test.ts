import { type FileId, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { tus } from './support/files.ts';
import { Person } from './support/person.ts';
import { directId, member, Room, startOf } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { makeKey, newGroupId, random, randomId, signRaw } from './support/signing.ts';
import { connect } from './support/socket.ts';

/** Everything that takes the id of a room, asked by somebody who is not in it. */
async function askAll(eve: Person, room: RoomId): Promise<Record<string, unknown>> {
  const talk = new Room(room);
  talk.header = talk.next(eve, { members: [member(eve)] });
  talk.signed = random(100);
  talk.headed = startOf(room);
  const header = async (change: object) => toBase64Url(await talk.sign(talk.next(eve, change), eve.first));
  const epoch = async (change: object) =>
    eve.call('POST', PATHS.epochs(room), { header: await header(change), wraps: [] });
  const key = await makeKey();
  const admission = { invite: key.publicKey, signature: await signRaw('admission', random(32), key) };
  const uploading = { headers: { 'upload-length': '10' } };
  const streamed = async (path: string) => {
    const answer = await tus(eve, 'POST', path, uploading);
    return { status: answer.status, json: await answer.json() };
  };
  const socket = await connect(eve);
  const frame = async (t: 'send' | 'signal' | 'receipt') => {
    const { id, body } = talk.message(eve, { epoch: 1, kind: t === 'send' ? 'log' : t, list: 1 });
    socket.send({ t, room, epoch: 1, body, ...(t === 'send' ? { id } : {}) });
    const { code, message, epoch: told } = await socket.take('refused');
    return { code, message, told };
  };
  const answers = {
    'the next epoch': await epoch({ epoch: 2 }),
    'a far epoch': await epoch({ epoch: 9 }),
    'an arrival': await epoch({ epoch: 2, admission }),
    headers: await eve.call('GET', PATHS.headers(room)),
    log: await eve.call('GET', `${PATHS.log(room)}?after=0`),
    'log before': await eve.call('GET', `${PATHS.log(room)}?before=9`),
    receipts: await eve.call('GET', PATHS.receipts(room)),
    accept: await eve.call('POST', PATHS.accept(room)),
    leave: await eve.call('POST', PATHS.leave(room), { leave: toBase64Url(await talk.leave(eve)) }),
    wraps: await eve.call('POST', PATHS.roomWraps(room), {
      account: eve.account,
      device: eve.first.device,
      key: eve.wrapFor(eve.first).key,
      wraps: [{ header: talk.hash, body: eve.wrapFor(eve.first).body }],
    }),
    'a wrap to forget': await eve.call('DELETE', PATHS.wrap(room, talk.hash)),
    requests: await eve.call('POST', PATHS.requests(room), { headers: [talk.hash] }),
    invite: await eve.call('GET', PATHS.invite(room, toBase64Url(key.publicKey))),
    'a file': await streamed(PATHS.newFile(randomId<FileId>(), room, 10)),
    send: await frame('send'),
    signal: await frame('signal'),
    receipt: await frame('receipt'),
  };
  socket.ws.close();
  return answers;
}

test('[attack 53] who is not in a room gets the answers of a room that is not there, from everything that takes one', async () => {
  const server = await makeServer();
  const [ann, ben, eve] = await Promise.all(
    ['Ann', 'Ben', 'Eve'].map((name) => Person.guest(server.origin, name)),
  );
  if (!ann || !ben || !eve) throw new Error('three people');
  const group = await Room.group(ann, [ben]);
  await group.commit(ann);
  const nowhere = await askAll(eve, newGroupId());
  expect(await askAll(eve, group.room)).toEqual(nowhere);
  for (const [what, answer] of Object.entries(nowhere)) {
    if (what === 'a wrap to forget') continue; // forgetting nothing is always done
    expect(answer, what).toMatchObject(
      'json' in (answer as object) ? { json: { code: expect.any(String) } } : { code: expect.any(String) },
    );
  }

  const direct = new Room(directId(ann, ben));
  const both = [member(ann, 'admin'), member(ben, 'admin')];
  expect((await direct.commit(ann, { members: both })).status).toBe(201);
  const dan = await Person.guest(server.origin, 'Dan');
  expect(await askAll(eve, direct.room)).toEqual(await askAll(eve, directId(ann, dan)));
});

test('[attack 53] who was taken out counts no further: no epoch, no head, no order of what goes on without them', async () => {
  const { origin } = await makeServer();
  const [ann, ben] = [await Person.guest(origin, 'Ann'), await Person.guest(origin, 'Ben')];
  const [one, two] = [await Room.group(ann, [ben]), await Room.group(ann, [ben])];
  for (const room of [one, two]) {
    expect((await ben.call('POST', PATHS.accept(room.room))).status).toBe(200);
    await room.commit(ann, { members: [member(ann, 'admin')] });
  }
  const before = (await connect(ben)).ready.rooms;
  expect(before.map(({ until }) => until)).toEqual([2, 2]);
  const next = one.next(ben, { epoch: 3, members: [member(ben, 'admin')] });
  const body = { header: toBase64Url(await one.sign(next, ben.first)), wraps: [] };
  const refused = await ben.call('POST', PATHS.epochs(one.room), body);
  expect(refused.json).toMatchObject({ code: 'not_member' });
  expect(refused.json.epoch).toBeUndefined();
  const socket = await connect(ann);
  socket.send({ t: 'send', ...one.message(ann) });
  await socket.take('ack');
  await one.commit(ann);
  expect((await connect(ben)).ready.rooms).toEqual(before);
  const other = { ...one.next(ben, { epoch: 1, previous: null, members: [member(ben, 'admin')] }) };
  const again = { header: toBase64Url(await one.sign({ ...other, seen: startOf(one.room) }, ben.first)) };
  const squat = await ben.call('POST', PATHS.epochs(one.room), { ...again, wraps: [] });
  expect(squat.status).toBeGreaterThanOrEqual(400);
});

test('[attack 53] a founder who was taken out and founds the group again learns that it is there, not how far it is', async () => {
  const { origin } = await makeServer();
  const [ann, ben] = [await Person.guest(origin, 'Ann'), await Person.guest(origin, 'Ben')];
  const room = await Room.group(ann, [], { members: [member(ann, 'admin'), member(ben, 'admin')] });
  const { profile } = room.header;
  for (let n = 0; n < 3; n += 1) await room.commit(ben, { members: [member(ben, 'admin')] });
  const { json } = await new Room(room.room).commit(ann, { profile });
  expect([json.code, json.epoch]).toEqual(['not_member', undefined]);
});

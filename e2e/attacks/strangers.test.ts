import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Engine, filesIn } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import { randomBytes, randomId } from '@sotto/crypto';
import { type FileId, headerHash, LIMITS, PATHS, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RawMember } from './support/member.ts';
import { type Stage, setStage } from './support/stage.ts';
import { converse, deliveryOf, noticed, pause, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

/** What a stranger would like to be seen at once. */
const HOSTILE = { name: '\u202eSIRPRISE <img src=x onerror=alert(1)>', topic: 'You were chosen' };

async function dragIn(mallory: RawMember, victim: Engine, times: number): Promise<RoomId[]> {
  const rooms: RoomId[] = [];
  for (let i = 0; i < times; i++) {
    const { room, status, json } = await mallory.found([victim.id], HOSTILE);
    if (status === 201) rooms.push(room);
    else expect(json.code).toBe('unanswered');
  }
  return rooms;
}

/** Everything of it that is shown before anybody looks. */
const seen = (engine: Engine) =>
  JSON.stringify([
    engine.state.requests.map(({ preview: _, ...before }) => before),
    [...engine.state.rooms.values()],
    engine.state.notices,
  ]);

test('[attack 48] dragged into two hundred groups and flooded: a bounded, quiet count; nothing of one’s own is touched', async () => {
  const [victim, bob, mallory] = [
    await stage.asked('Vera'),
    await stage.person('Bob'),
    await stage.hostile('Mallory'),
  ];
  const heard: string[] = [];
  victim.events.on((event) => event.type === 'message' && heard.push(event.body));
  const direct = await converse(victim, bob);
  const friends = await victim.rooms.createGroup({ name: 'Friends', members: [bob.id] });
  const rooms = await dragIn(mallory, victim, 200);
  expect(rooms).toHaveLength(LIMITS.pendingEach);
  const socket = await mallory.connect();
  for (const room of rooms) {
    const picture = { key: randomBytes(32), hash: randomBytes(32), name: 'look.png', type: 'image/png' };
    const files = [{ ...picture, file: randomId<FileId>(), size: 5, thumbnail: randomBytes(900) }];
    const { id: account } = victim;
    const flood = Array.from({ length: 12 }, (_, i) => ({
      kind: 'text' as const,
      body: `LOOK AT ME ${i}`,
      mentions: [account],
    }));
    const frames = await mallory.sealMany(room, [{ kind: 'files', files, body: 'LOOK' }, ...flood]);
    for (const frame of frames) socket.send(frame);
    socket.send({
      ...(await mallory.seal(room, { kind: 'typing', on: true }, { kind: 'signal' })),
      t: 'signal',
      id: undefined,
    });
  }
  await until(() => victim.state.requests.length === rooms.length, 'all of it is a request');
  const last = rooms.at(-1) as RoomId;
  await until(() => texts(victim, last).includes('LOOK AT ME 11'), 'it was received', 30_000);
  // The own conversations go on, in both directions, while it is there.
  await bob.messages.send(direct, { body: 'still here?' });
  await until(() => heard.includes('still here?'), 'what friends write notifies');
  await victim.messages.send(friends, { body: 'still here' });
  await until(() => deliveryOf(victim, friends, 'still here') === 'delivered', 'and arrives');
  expect(heard.filter((body) => body.includes('LOOK'))).toEqual([]);
  expect(seen(victim)).not.toMatch(/SIRPRISE|chosen|LOOK/);
  expect(victim.state.order.toSorted()).toEqual([direct, friends].toSorted());
  expect([...victim.state.rooms.values()].map(({ unread }) => unread).reduce((a, b) => a + b)).toBe(2);
  expect(noticed(victim)).toEqual([]);
  const item = victim.timeline(last).state.items.find((line) => line.type === 'message' && filesIn(line)[0]);
  const [file] = item?.type === 'message' ? filesIn(item) : [];
  if (item?.type !== 'message' || item.position === null || !file) throw new Error('no picture came');
  await expect(victim.files.open(last, item.position, file.file)).rejects.toMatchObject({
    code: 'usage',
  });
  // Nothing was told back: Mallory sees neither receipts nor typing of hers.
  victim.messages.setTyping(last, true);
  await victim.messages.markRead(last, item.position);
  await pause(500);
  expect((await mallory.call('GET', PATHS.receipts(last))).json.receipts).toEqual([]);
  socket.close();
});

test('[attack 48] taking somebody out and bringing them in again costs as much, and does not move the others', async () => {
  await stage.end();
  stage = await setStage({ bringing: { burst: 15, perSecond: 0.001 } });
  const [victim, bob, mallory] = [
    await stage.asked('Vera'),
    await stage.person('Bob'),
    await stage.hostile('Mallory'),
  ];
  const direct = await converse(victim, bob);
  const { room, status } = await mallory.found([victim.id]);
  expect(status).toBe(201);
  const { members } = (await mallory.read(room)).header.header;
  const codes: string[] = [];
  for (let i = 0; i < 20; i++) {
    const own = members.filter(({ account }) => account === mallory.account);
    const alone = await mallory.forge(
      room,
      () => ({ members: own }),
      ({ key }, secret) => (key.account === mallory.account ? secret : null),
    );
    expect((await mallory.call('POST', PATHS.epochs(room), alone.body)).status).toBe(201);
    const again = await mallory.forge(room, () => ({ members }));
    const { json } = await mallory.call('POST', PATHS.epochs(room), again.body);
    codes.push(json.code ?? 'taken');
    if (json.code) break;
  }
  expect(codes.at(-1)).toBe('rate_limited');
  expect(codes).toHaveLength(15);
  await until(() => victim.state.requests.length === 0, 'they are out of it');
  await bob.messages.send(direct, { body: 'all is well' });
  await until(() => texts(victim, direct).includes('all is well'), 'others go on');
});

test('[attack 48] somebody known, too, cannot fill the rooms of others; and nobody brings their friends along', async () => {
  const [victim, mallory, trent] = [
    await stage.asked('Vera'),
    await stage.hostile('Mallory'),
    await stage.hostile('Trent'),
  ];
  await until(() => victim.state.people.has(mallory.account), 'they find each other');
  const shared = await victim.rooms.createGroup({ name: 'Shared', members: [mallory.account] });
  const rooms = await dragIn(mallory, victim, 30);
  expect(rooms).toHaveLength(LIMITS.pendingEach);
  await until(() => victim.state.order.length === rooms.length + 1, 'who is known needs not ask');
  expect(victim.state.requests).toEqual([]);
  // A group of both with a stranger makes nobody of that stranger.
  const [first] = rooms;
  await victim.messages.markRead(first as RoomId, 0); // makes way for one more
  await until(() => victim.state.connection.status === 'online', 'online');
  await pause(300);
  const bait = await mallory.found([victim.id, trent.account]);
  expect(bait.status).toBe(201);
  await until(() => victim.state.rooms.has(bait.room), 'the bait is there');
  expect((await trent.found([victim.id])).status).toBe(201);
  await until(() => victim.state.requests.length === 1, 'the stranger has to ask');
  expect(victim.state.rooms.has(shared)).toBe(true);
});

/** What the server keeps for an account: the length of its vault, and the rooms in its archive. */
function kept({ id: account }: Engine): { vault: number; rooms: unknown[] } {
  const db = new DatabaseSync(join(stage.data, 'sotto.sqlite'), { readOnly: true });
  try {
    const vault = db.prepare('SELECT length(body) AS size FROM vaults WHERE account = ?').get(account);
    const rooms = db.prepare('SELECT DISTINCT room FROM archive WHERE account = ?').all(account);
    return { vault: Number(vault?.size), rooms: rooms.map((row) => row.room) };
  } finally {
    db.close();
  }
}

test('[attack 48] [K5] [M5] the rooms of a stranger fill neither vault nor archive', async () => {
  const [victim, bob] = [await stage.asked('Vera'), await stage.person('Bob')];
  await victim.account.setPassword('a good password');
  const mallory = await stage.hostile('Mallory');
  const direct = await converse(victim, bob);
  await until(() => kept(victim).rooms.includes(direct), 'what is one’s own is kept');
  await pause(1_000); // so is the vault
  const before = kept(victim).vault;
  const puppets: RawMember[] = [];
  for (let i = 0; i < 5; i++) puppets.push(await stage.hostile(`Puppet ${i}`));
  const { room } = await mallory.found([victim.id, ...puppets.map(({ account }) => account)]);
  await until(() => victim.state.requests.length === 1, 'the request is there');
  await pause(1_500); // longer than either waits before it stores
  expect(kept(victim)).toEqual({ vault: before, rooms: [direct] });
  const [request] = victim.state.requests;
  await victim.rooms.acceptRequest(room, request?.header ?? '');
  await until(() => kept(victim).rooms.includes(room), 'accepted, it is kept like any other');
  await until(() => kept(victim).vault > before, 'and its people are known');
});

test('[attack 48] [R6] neither asking for keys nor withholding them tells a stranger that somebody is there', async () => {
  const [victim, mallory] = [await stage.asked('Vera'), await stage.hostile('Mallory')];
  const { room } = await mallory.found([victim.id]);
  await until(() => victim.state.requests.length === 1, 'the request is there');
  const socket = await mallory.connect();
  const first = (await mallory.read(room)).header;
  const asking = { headers: [headerHash(first.hash)] };
  await mallory.call('POST', PATHS.requests(room), asking);
  const withheld = await mallory.forge(
    room,
    () => ({}),
    ({ key }, secret) => (key.account === mallory.account ? secret : null),
  );
  expect((await mallory.call('POST', PATHS.epochs(room), withheld.body)).status).toBe(201);
  await pause(8_000); // longer than the other devices of a member wait before they help, ask and give an epoch up
  const byVictim = () =>
    socket.frames.filter(
      (frame) =>
        (frame.t === 'wrap' && frame.wrap.header === asking.headers[0]) ||
        (frame.t === 'requests' && frame.account === victim.id) ||
        (frame.t === 'presence' && frame.people.some(({ account }) => account === victim.id)) ||
        (frame.t === 'entries' && frame.entries.some(({ account }) => account === victim.id)),
    );
  expect(byVictim()).toEqual([]);
  // All of that waits for the answer.
  const [request] = victim.state.requests;
  await victim.rooms.acceptRequest(room, request?.header ?? '');
  await socket.take('requests', (frame) => frame.account === victim.id);
  await mallory.call('POST', PATHS.requests(room), asking);
  await socket.take('wrap', (frame) => frame.wrap.header === asking.headers[0]);
  socket.close();
});

test('[attack 48] what is wrong with a room of a stranger calls for nobody, also where nothing of it can be read', async () => {
  const [away, mallory] = [await stage.asked('Vera'), await stage.hostile('Mallory')];
  const { id: account } = away;
  await away.close();
  const { room: sound } = await mallory.found([account]);
  const { room: broken } = await mallory.found([account]);
  // A server that helps her.
  const db = new DatabaseSync(join(stage.data, 'sotto.sqlite'));
  db.prepare('UPDATE log SET body = ? WHERE room = ?').run(randomBytes(400), broken);
  db.close();
  const home = { server: stage.server.origin, directory: stage.folderOf(away) };
  const victim = await createNodeSotto(home).resume(account);
  try {
    await until(() => victim.state.requestsRead, 'all requests were read');
    await pause(500);
    expect(noticed(victim)).toEqual([]);
    expect(victim.state.requests.map(({ room }) => room)).toEqual([sound]);
  } finally {
    await victim.close();
  }
});

test('[attack 48] who writes without end fills no device: so much is read of a request, the rest once it is accepted', async () => {
  await stage.end();
  stage = await setStage({
    sends: { burst: 5_000, perSecond: 1_000 },
    epochs: { burst: 5_000, perSecond: 1_000 },
  });
  const [victim, mallory] = [await stage.asked('Vera'), await stage.hostile('Mallory')];
  const { room } = await mallory.found([victim.id]);
  await until(() => victim.state.requests.length === 1, 'the request is there');
  const socket = await mallory.connect();
  const flood = Array.from({ length: LIMITS.pendingEntries + 150 }, (_, i) => ({
    kind: 'text' as const,
    body: `${i}`,
  }));
  for (const frame of await mallory.sealMany(room, flood)) socket.send(frame);
  await socket.take('ack', ({ position }) => position === flood.length + 1);
  await until(() => texts(victim, room).includes('400'), 'much of it was read', 30_000);
  await pause(2_000);
  const last = () => Math.max(...victim.timeline(room).state.items.map(({ position }) => position ?? 0));
  expect(last()).toBe(LIMITS.pendingEntries);
  const [request] = victim.state.requests;
  await victim.rooms.acceptRequest(room, request?.header ?? '');
  await until(() => texts(victim, room).includes(`${flood.length - 1}`), 'all of it is there', 30_000);
  socket.close();
});

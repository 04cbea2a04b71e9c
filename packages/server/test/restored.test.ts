import {
  type Bytes,
  chainGenesisInput,
  fromBase64Url,
  type LogEntry,
  PATHS,
  toBase64Url,
} from '@sotto/protocol';
import { expect, test } from 'vitest';
import { checkDatabase } from '../src/operations/check.ts';
import { makeVault } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { chainOver, member, Room } from './support/room.ts';
import { makeServer } from './support/server.ts';
import { makeKey, random, sha256 } from './support/signing.ts';
import { connect } from './support/socket.ts';

/** Three people talk on a server that is then lost; Dan comes later, so that his part of the log begins behind a position. */
async function lostServer() {
  const { origin } = await makeServer();
  const people = await Promise.all(['Ann', 'Ben', 'Cat', 'Dan'].map((name) => Person.guest(origin, name)));
  const [ann, ben, cat, dan] = people as [Person, Person, Person, Person];
  const room = await Room.group(ann, [ben, cat]);
  const say = async (who: Person, times: number) => {
    const socket = await connect(who);
    for (let i = 0; i < times; i++) {
      socket.send({ t: 'send', ...room.message(who) });
      await socket.take('ack');
    }
    socket.ws.terminate();
  };
  await say(ann, 3);
  const leave = toBase64Url(await room.leave(cat));
  expect((await cat.call('POST', PATHS.leave(room.room), { leave })).status).toBe(200);
  const leaves = [fromBase64Url(leave) as Bytes];
  expect((await room.commit(ann, { members: [member(ann, 'admin'), member(ben)], leaves })).status).toBe(201);
  await say(ben, 2);
  const all = [member(ann, 'admin'), member(ben), member(dan)];
  expect((await room.commit(ann, { members: all })).status).toBe(201);
  await say(ann, 2);
  const { json } = await ann.call('GET', `${PATHS.log(room.room)}?after=0`);
  return { ann, ben, cat, dan, room: room.room, entries: json.entries as LogEntry[] };
}

type Lost = Awaited<ReturnType<typeof lostServer>>;

/** Brings a person back to another server, as a client does from a backup; the list gets a device more. */
async function comeBack(person: Person, origin: string, change: object = {}) {
  const earlier = [toBase64Url(person.signedList)];
  person.origin = origin;
  const device = await person.makeDevice();
  const list = toBase64Url(await person.sign(...person.devices, device));
  const key = toBase64Url(device.exchange);
  person.devices = [device, ...person.devices.filter((known) => known !== device)];
  const { account, name } = person;
  const password = { record: toBase64Url(random(64)), vault: makeVault(1) };
  const recovery = toBase64Url(random(32));
  const body = { account, name, earlier, list, key, password, recovery, ...change };
  return { body, answer: await request(origin, 'POST', PATHS.restoredAccount, { body }) };
}

const absent = ({ account, name, signedList }: Person) => ({
  account,
  name,
  lists: [toBase64Url(signedList)],
});

const chainAt = ({ room, entries }: Lost, position: number) =>
  toBase64Url(chainOver(sha256(chainGenesisInput(room)), entries.slice(0, position)));

/** Positions behind `after`, up to and with `to`. */
const stretch = (lost: Lost, after: number, to = lost.entries.length, change: object = {}) => ({
  chain: chainAt(lost, after),
  headers: [],
  entries: lost.entries.slice(after, to),
  ...change,
});

const headersUpTo = ({ entries }: Lost, position: number) =>
  entries
    .filter((entry) => entry.kind === 'epoch' && entry.position <= position)
    .map(({ position: at, body }) => ({ position: at, header: body }));

async function onEmptyServer() {
  const lost = await lostServer();
  const { ann, ben, cat, dan } = lost;
  const server = await makeServer();
  const people = [ben, cat, dan].map(absent);
  expect((await comeBack(ann, server.origin)).answer).toMatchObject({ status: 201, json: {} });
  expect((await ann.call('POST', PATHS.restoredPeople, { people })).status).toBe(200);
  const path = PATHS.restoredRoom(lost.room);
  const bring = async (body: object) => (await ann.call('POST', path, body)).json;
  return { lost, server, bring, path };
}

test('[D1] a log comes back in stretches, said twice no harm is done, and the room goes on from there', async () => {
  const { lost, server, bring, path } = await onEmptyServer();
  const { ann, ben, room, entries } = lost;
  expect((await ann.call('GET', path)).json).toEqual({ base: 0, head: 0 });
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  expect(await bring(stretch(lost, 2, 6))).toEqual({ base: 0, head: 6 }); // half of it was here
  expect(await bring(stretch(lost, 6))).toEqual({ base: 0, head: entries.length });
  const page = (await ann.call('GET', `${PATHS.log(room)}?after=0`)).json;
  expect(page.entries).toEqual(entries);
  const socket = await connect(ann);
  expect(socket.ready.rooms).toMatchObject([{ room, head: entries.length, epoch: 3, until: null }]);
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`)).toMatchObject({
    entries: entries.length,
    problems: [],
  });
  // Who is absent stands in the headers and signs nothing.
  ben.origin = server.origin;
  expect((await ben.call('GET', PATHS.vault)).json.code).toBe('unknown_device');
  expect((await ann.call('GET', PATHS.people)).json.people).toHaveLength(1);
  const keys = await ann.call('POST', PATHS.keys, { accounts: [{ account: ben.account, after: 0 }] });
  expect(keys.json.accounts).toMatchObject([{ name: 'Ben', lists: [toBase64Url(ben.signedList)], keys: [] }]);
  // Back with a list of his own, he finds the room.
  expect((await comeBack(ben, server.origin)).answer.status).toBe(201);
  expect((await connect(ben)).ready.rooms).toMatchObject([{ room, head: entries.length }]);
});

test('[D1] a log that begins behind a position is filled in by who has the beginning', async () => {
  const { lost, server, bring, path } = await onEmptyServer();
  const { ann, room, entries } = lost;
  const base = 6;
  expect((await bring(stretch(lost, base))).code).toBe('restore_conflict'); // headers are missing
  const later = stretch(lost, base, entries.length, { headers: headersUpTo(lost, base) });
  expect(await bring(later)).toEqual({ base, head: entries.length });
  expect((await ann.call('GET', `${PATHS.log(room)}?after=0`)).json.entries).toEqual(entries.slice(base));
  expect((await ann.call('GET', `${PATHS.headers(room)}?after=0`)).json.headers).toHaveLength(3);
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`).problems).toEqual([]);
  expect((await bring(stretch(lost, 0, 3))).code).toBe('restore_conflict'); // leads nowhere that is known
  expect(await bring(stretch(lost, 3, base))).toEqual({ base: 3, head: entries.length });
  expect(await bring(stretch(lost, 0, 3))).toEqual({ base: 0, head: entries.length });
  expect((await ann.call('GET', `${PATHS.log(room)}?after=0`)).json.entries).toEqual(entries);
  expect((await ann.call('GET', path)).json).toEqual({ base: 0, head: entries.length });
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`)).toMatchObject({
    entries: entries.length,
    problems: [],
  });
});

test('[attack 7] [attack 9] what was changed, left out or comes from another history is refused', async () => {
  const { lost, bring } = await onEmptyServer();
  const { entries } = lost;
  const with_ = (index: number, change: Partial<LogEntry>) =>
    entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry));
  expect((await bring(stretch(lost, 0, 9, { chain: toBase64Url(random(32)) }))).code).toBe(
    'restore_conflict',
  );
  const holes = entries.filter((_, at) => at !== 2);
  expect((await bring(stretch(lost, 0, 9, { entries: holes }))).code).toBe('malformed');
  const forged = { ...entries[0], body: entries[4]?.body };
  expect((await bring(stretch(lost, 0, 9, { entries: with_(0, forged as LogEntry) }))).code).toBeDefined();
  const stranger = (await Person.prepare('')).account;
  expect((await bring(stretch(lost, 0, 9, { entries: with_(1, { account: stranger }) }))).code).toBe(
    'malformed',
  );
  expect((await bring(stretch(lost, 0, 9, { entries: with_(0, { account: stranger }) }))).code).toBe(
    'malformed',
  );
  const signed = fromBase64Url(entries[0]?.body ?? '') as Bytes;
  signed[signed.length - 1] = (signed.at(-1) ?? 0) ^ 1;
  const broken = with_(0, { body: toBase64Url(signed) as LogEntry['body'] });
  expect((await bring(stretch(lost, 0, 9, { entries: broken }))).code).toBe('bad_signature');
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  const later = with_(6, { time: 1 }).slice(4);
  // Another time is another history: it can be brought where nothing follows, and then nothing else fits any more.
  expect(await bring(stretch(lost, 4, 9, { entries: later }))).toMatchObject({ base: 0 });
  expect((await bring(stretch(lost, 4))).code).toBe('restore_conflict');
});

test('[attack 25] once something was written here, nothing is brought behind it any more', async () => {
  const { lost, bring } = await onEmptyServer();
  const { ann, room } = lost;
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  const again = new Room(room);
  const socket = await connect(ann);
  again.header = { epoch: 1, members: [member(ann, 'admin')] } as unknown as Room['header'];
  socket.send({ t: 'send', ...again.message(ann, { counter: 100, list: 1 }) });
  expect(await socket.take('ack')).toMatchObject({ position: 5 });
  expect((await bring(stretch(lost, 4))).code).toBe('restore_conflict');
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 5 });
  // M2: counters of what came back are used up.
  const old = ann.devices[1];
  const onOld = await connect(ann, old);
  onOld.send({ t: 'send', ...again.message(ann, { counter: 3, list: 1, ...(old ? { device: old } : {}) }) });
  expect(await onOld.take('refused')).toMatchObject({ message: expect.stringContaining('counter') });
});

test('[K1] [attack 3] an account comes back only under its own identity, to a server that lacks it', async () => {
  const { origin } = await makeServer();
  const [ann, ben] = [await Person.guest(origin, 'Ann'), await Person.guest(origin, 'Ben')];
  expect((await comeBack(ann, origin)).answer.json.code).toBe('id_reused');
  const empty = await makeServer();
  const stranger = await Person.guest(empty.origin, 'Ben');
  const taken = await comeBack(ben, empty.origin);
  expect(taken.answer.json.code).toBe('name_taken');
  const another = { ...taken.body, name: 'Ben again' };
  const post = async (change: object) =>
    (await request(empty.origin, 'POST', PATHS.restoredAccount, { body: { ...another, ...change } })).json
      .code;
  expect(await post({ earlier: [] })).toBe('malformed');
  expect(await post({ earlier: [toBase64Url(stranger.signedList)] })).toBe('malformed');
  expect(await post({ account: stranger.account })).toBe('malformed');
  const thief = Object.assign(new Person(empty.origin), { identity: await makeKey() });
  await thief.sign(await thief.makeDevice());
  expect(await post({ list: toBase64Url(thief.signedList) })).toBe('malformed');
  expect(await post({ password: { record: 'abc', vault: makeVault(2) } })).toBe('malformed');
  expect(await post({})).toBeUndefined();
  expect(await post({})).toBeUndefined(); // said again
  const closed = await makeServer({ registration: 'closed' });
  const refused = await request(closed.origin, 'POST', PATHS.restoredAccount, { body: another });
  expect(refused.json.code).toBe('registration_closed');
});

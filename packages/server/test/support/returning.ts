import {
  type Bytes,
  type Ciphertext,
  chainGenesisInput,
  fromBase64Url,
  type HeaderMember,
  type LogEntry,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { expect } from 'vitest';
import { makeVault } from './password.ts';
import { Person, request } from './person.ts';
import { chainOver, member, Room } from './room.ts';
import { letBack, makeServer } from './server.ts';
import { random, sha256 } from './signing.ts';
import { connect } from './socket.ts';

/**
 * Three people talk on a server that is then lost; Dan comes later, so that his part of the log begins behind a position:
 * 1 header, 2–4 Ann, 5 Cat leaves, 6 header, 7–8 Ben, 9 header with Dan (its author had seen 6), 10–11 Ann.
 */
export async function lostServer() {
  const { origin } = await makeServer();
  const people = await Promise.all(['Ann', 'Ben', 'Cat', 'Dan'].map((name) => Person.guest(origin, name)));
  const [ann, ben, cat, dan] = people as [Person, Person, Person, Person];
  const room = await Room.group(ann, [ben, cat]);
  const say = async (who: Person, times: number) => {
    const socket = await connect(who);
    for (let i = 0; i < times; i++) {
      socket.send({ t: 'send', ...(await room.signedMessage(who)) });
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
  return { ann, ben, cat, dan, room: room.room, entries: json.entries as LogEntry[], talk: room };
}

export type Lost = Awaited<ReturnType<typeof lostServer>>;

const firstLists = new WeakMap<Person, Bytes>();

/** Somebody as headers named them before they came back. */
export const memberThen = (person: Person, role: HeaderMember['role'] = 'member'): HeaderMember => ({
  ...member(person, role),
  list: 1,
  listHash: sha256(firstLists.get(person) ?? person.signedList),
});

/** Brings a person back to another server, as a client does from a backup; the list gets a device more. */
export async function comeBack(person: Person, origin: string, change: object = {}) {
  const earlier = [toBase64Url(person.signedList)];
  firstLists.set(person, person.signedList);
  person.origin = origin;
  const device = await person.makeDevice();
  const list = toBase64Url(await person.sign(...person.devices, device));
  const key = toBase64Url(device.exchange);
  person.devices = [device, ...person.devices.filter((known) => known !== device)];
  const { account } = person;
  const password = { record: toBase64Url(random(64)), vault: makeVault(1) };
  const recovery = toBase64Url(random(32));
  const body = { account, earlier, list, key, password, recovery, ...change };
  return { body, answer: await request(origin, 'POST', PATHS.restoredAccount, { body }) };
}

export const absent = ({ account, signedList }: Person) => ({
  account,
  lists: [toBase64Url(signedList)],
});

const genesis = (room: RoomId) => sha256(chainGenesisInput(room));

/** D1: the chain hash behind the first `position` entries, as it travels. */
export const chainAt = (room: RoomId, entries: readonly LogEntry[], position: number) =>
  toBase64Url(chainOver(genesis(room), entries.slice(0, position)));

/** The headers among these entries, with where they stand. */
export const headersIn = (entries: readonly LogEntry[]) =>
  entries.filter(({ kind }) => kind === 'epoch').map(({ position, body }) => ({ position, header: body }));

/** Positions behind `after`, up to and with `to`. */
export const stretch = (
  { room, entries }: Pick<Lost, 'room' | 'entries'>,
  after: number,
  to = entries.length,
) => ({
  chain: chainAt(room, entries, after),
  headers: headersIn(entries.slice(0, 1)),
  entries: entries.slice(after, to),
});

/** An entry as it would stand behind others. */
export const entryOf = (
  who: Person,
  position: number,
  {
    id,
    body,
    kind = 'message',
    time = Date.now() - 1_000,
  }: {
    id: LogEntry['id'];
    body: Ciphertext | string;
    kind?: LogEntry['kind'];
    time?: number;
  },
): LogEntry => ({
  position,
  time,
  kind,
  account: who.account,
  device: who.first.device,
  id,
  body: body as Ciphertext,
});

/** An empty server that lets people back: one of them is there, the others are known by their lists. */
export async function onEmptyServer(first: 'ann' | 'ben' | 'dan' = 'ann') {
  const lost = await lostServer();
  const server = await makeServer();
  await letBack(server);
  const { [first]: back } = lost;
  const others = [lost.ann, lost.ben, lost.cat, lost.dan].filter((person) => person !== back);
  const people = others.map(absent);
  expect((await comeBack(back, server.origin)).answer).toMatchObject({ status: 201, json: {} });
  expect((await back.call('POST', PATHS.restoredPeople, { people })).status).toBe(200);
  const path = PATHS.restoredRoom(lost.room);
  const bring = async (body: object, who = back) => (await who.call('POST', path, body)).json;
  return { lost, server, back, bring, path };
}

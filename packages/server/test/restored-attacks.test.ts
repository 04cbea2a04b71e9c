import { DatabaseSync } from 'node:sqlite';
import {
  admissionInput,
  type Ciphertext,
  type DeviceId,
  type EpochHeader,
  idFromBytes,
  joinSigned,
  LIMITS,
  type LogEntry,
  type MessageId,
  PATHS,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { restoreWindow } from '../src/operations/restore-window.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { Person, request } from './support/person.ts';
import {
  absent,
  comeBack,
  entryOf,
  headersIn,
  memberThen,
  onEmptyServer,
  stretch,
} from './support/returning.ts';
import { directId, member, Room, startOf } from './support/room.ts';
import { letBack, makeServer } from './support/server.ts';
import { makeKey, random, randomId, sha256, signed, signRaw } from './support/signing.ts';
import { connect } from './support/socket.ts';

const MINUTE = 60_000;

/** Ben is back with the log as it was, and with what he puts behind it. */
async function hostile() {
  const stage = await onEmptyServer('ben');
  const { lost, bring } = stage;
  const { entries, talk, room } = lost;
  expect(await bring(stretch(lost, 0))).toEqual({ base: 0, head: 11 });
  const ben = lost.ben;
  /** Header 4, as he signs it with the device he had then. */
  const header = async (change: Partial<EpochHeader>, device = ben.devices.at(-1) ?? ben.first) => {
    const bytes = await talk.sign(talk.next(ben, change, device), device);
    const id = idFromBytes<MessageId>(sha256(bytes).slice(0, 16));
    return placed(entries, { kind: 'epoch', id, body: bytes, who: ben, device: device.device });
  };
  const message = async (change: Parameters<Room['signedMessage']>[1] = {}, time = timeBehind(entries)) => {
    const device = ben.devices.at(-1) ?? ben.first;
    const { id, body } = await talk.signedMessage(ben, { device, ...change });
    return { ...placed(entries, { kind: 'message', id, body, who: ben, device: device.device }), time };
  };
  /** The answer to the log with these entries behind it; where the room stands then. */
  const tries = async (...tail: LogEntry[]) => {
    const answer = await bring(stretch({ room, entries: [...entries, ...tail] }, 0));
    const { head } = (await ben.call('GET', PATHS.restoredRoom(room))).json;
    return [answer.code ?? 'taken', head];
  };
  return { ...stage, ben, header, message, tries };
}

/** Of what comes next. */
const timeBehind = (before: readonly LogEntry[]) => before.at(-1)?.time ?? Date.now() - 1_000;

function placed(
  before: readonly LogEntry[],
  entry: {
    kind: LogEntry['kind'];
    id: MessageId;
    body: Uint8Array<ArrayBuffer> | string;
    who: Person;
    device: LogEntry['device'];
  },
): LogEntry {
  const body = typeof entry.body === 'string' ? entry.body : toBase64Url(entry.body);
  return {
    ...entryOf(entry.who, before.length + 1, {
      id: entry.id,
      body,
      kind: entry.kind,
      time: timeBehind(before),
    }),
    device: entry.device,
  };
}

describe('[attack 46] what comes back passes the rules of what is new', () => {
  test('membership: a plain member takes no admin out, gives itself no role, names no list but the one of then', async () => {
    const { lost, ben, header, tries } = await hostile();
    const [annNow, benNow, danNow] = lost.talk.header.members;
    if (!annNow || !benNow || !danNow) throw new Error('three stand in the newest header');
    expect(await tries(await header({ members: [benNow, danNow] }))).toEqual(['rule_broken', 11]);
    expect(await tries(await header({ members: [annNow, { ...benNow, role: 'admin' }, danNow] }))).toEqual([
      'rule_broken',
      11,
    ]);
    const other = { ...danNow, listHash: random(32) };
    expect(await tries(await header({ members: [annNow, benNow, other] }))).toEqual(['list_conflict', 11]);
    expect(await tries(await header({ previous: random(32) }))).toEqual(['epoch_conflict', 11]);
    expect(await tries(await header({ seen: startOf(lost.room) }))).toEqual(['rule_broken', 11]);
    expect(await tries(await header({ seen: { position: 9, chain: random(32) } }))).toEqual([
      'malformed',
      11,
    ]);
    // His newest device stands in no list that this header names.
    expect(await tries(await header({}, ben.first))).toEqual(['unknown_device', 11]);
    expect(await tries(await header({}))).toEqual(['taken', 12]);
  });

  test('a conversation of two others cannot be made under its id', async () => {
    const { lost, back: ben, bring } = await onEmptyServer('ben');
    const { ann, dan } = lost;
    const old = ben.devices.at(-1) ?? ben.first;
    const own = memberThen(ben, 'admin');
    for (const members of [[own, member(dan, 'admin')], [own]]) {
      const talk = new Room(directId(ann, dan));
      const bytes = await talk.sign(talk.next(ben, { members }, old), old);
      const id = idFromBytes<MessageId>(sha256(bytes).slice(0, 16));
      const entry = { ...placed([], { kind: 'epoch', id, body: bytes, who: ben, device: old.device }) };
      const page = { ...stretch({ room: talk.room, entries: [entry] }, 0) };
      const path = PATHS.restoredRoom(talk.room);
      expect((await ben.call('POST', path, page)).json.code).toBe('rule_broken');
      expect((await ben.call('GET', path)).json.code).toBe('not_member');
    }
    expect(await bring(stretch(lost, 0))).toEqual({ base: 0, head: 11 });
  });

  test('leaving: nobody is signed out by another, by no device of their own, or twice by one statement', async () => {
    const { lost, ben, bring, tries } = await hostile();
    const { talk, dan, entries } = lost;
    const forged = async (change: 'by Ben' | 'unsigned' | 'under another id' | 'under another device') => {
      const id = randomId<MessageId>();
      const bytes = await talk.leave(dan, { id });
      const payload = bytes.slice(0, -64);
      const body =
        change === 'by Ben'
          ? await signed('leave', payload, ben.first.key)
          : change === 'unsigned'
            ? joinSigned(payload, random(64))
            : bytes;
      const told = change === 'under another id' ? randomId<MessageId>() : id;
      const device = change === 'under another device' ? randomId<DeviceId>() : dan.first.device;
      return placed(entries, { kind: 'leave', id: told, body, who: dan, device });
    };
    expect(await tries(await forged('by Ben'))).toEqual(['bad_signature', 11]);
    expect(await tries(await forged('unsigned'))).toEqual(['bad_signature', 11]);
    expect(await tries(await forged('under another id'))).toEqual(['malformed', 11]);
    expect(await tries(await forged('under another device'))).toEqual(['malformed', 11]);
    const other = await talk.leave(dan, { id: randomId<MessageId>(), header: random(32) });
    const entry = { kind: 'leave', id: randomId<MessageId>(), body: other, who: dan } as const;
    const page = [...entries, placed(entries, { ...entry, device: dan.first.device })];
    expect(await bring(stretch({ room: lost.room, entries: page }, 0))).toMatchObject({
      message: expect.stringContaining('another room or header'),
    });
    // Cat's, which was good under the header before.
    const old = entries[4];
    if (old?.kind !== 'leave') throw new Error('Cat left at position 5');
    expect(await tries({ ...old, position: 12, time: timeBehind(entries) })).toEqual(['rule_broken', 11]);
    expect(await bring(stretch(lost, 0))).toEqual({ base: 0, head: 11 });
    const members = (await ben.call('GET', `${PATHS.headers(lost.room)}?after=2`)).json.headers;
    expect(members).toHaveLength(1);
    expect((await comeBack(dan, ben.origin)).answer.status).toBe(201);
    expect((await connect(dan)).ready.rooms).toMatchObject([{ room: lost.room, until: null }]);
  });

  test('messages: of members, of the epoch, with counters that grow, seen what stands there, dated between', async () => {
    const { lost, message, tries } = await hostile();
    const { cat, talk, entries } = lost;
    const late = await talk.signedMessage(cat, { list: 1 });
    const gone = {
      kind: 'message',
      id: late.id,
      body: late.body,
      who: cat,
      device: cat.first.device,
    } as const;
    expect(await tries(placed(entries, gone))).toEqual(['rule_broken', 11]);
    expect(await tries(await message({ epoch: 2 }))).toEqual(['malformed', 11]);
    expect(await tries(await message({ counter: 1 }))).toEqual(['rule_broken', 11]);
    expect(await tries(await message({ list: 2 }))).toEqual(['rule_broken', 11]);
    expect(await tries(await message({ seen: { position: 4, chain: random(32) } }))).toEqual([
      'rule_broken',
      11,
    ]);
    expect(await tries(await message({ seen: { position: 40, chain: random(32) } }))).toEqual([
      'rule_broken',
      11,
    ]);
    const last = entries.at(-1)?.time ?? 0;
    expect(await tries(await message({}, last - 1))).toEqual(['rule_broken', 11]);
    expect(await tries(await message({}, Date.now() + MINUTE))).toEqual(['rule_broken', 11]);
    expect(await tries(await message({}, LIMITS.time))).toEqual(['rule_broken', 11]);
    const again = entries[7];
    if (again?.kind !== 'message') throw new Error('Ben wrote at position 8');
    expect(await tries({ ...again, position: 12, time: timeBehind(entries) })).toEqual(['malformed', 11]);
    expect(await tries(await message())).toEqual(['taken', 12]);
  });

  test('[attack 27] what no client takes keeps its place, keeps no log from coming back, and uses up nobody’s counter', async () => {
    const { lost, server, tries } = await hostile();
    const { ann, talk, entries } = lost;
    const device = ann.first;
    const forged = talk.message(ann, { counter: 1_000_000 });
    const dead = placed(entries, {
      kind: 'message',
      id: forged.id,
      body: forged.body as Ciphertext,
      who: ann,
      device: device.device,
    });
    expect(await tries(dead)).toEqual(['taken', 12]);
    expect((await comeBack(ann, server.origin)).answer.status).toBe(201);
    const socket = await connect(ann, device);
    // Ben brought the room: he is in it by that. Ann made it, and is asked.
    expect(socket.ready.rooms).toMatchObject([{ room: lost.room, pending: true }]);
    socket.send({ t: 'send', ...(await talk.signedMessage(ann, { counter: 60, list: 1, device })) });
    expect(await socket.take('ack')).toMatchObject({ position: 13 });
  });

  test('[R7] an arrival needs its invite, open at the time of the entry, and its signature', async () => {
    const { origin } = await makeServer();
    const [ann, eve] = [await Person.guest(origin, 'Ann'), await Person.guest(origin, 'Eve')];
    const invite = await makeKey();
    const expires = Date.now() + 2_000;
    const room = await Room.group(ann, [], {
      invites: [{ key: invite.publicKey, expires, sealed: random(64) }],
    });
    const first = (await ann.call('GET', `${PATHS.log(room.room)}?after=0`)).json.entries as LogEntry[];
    const fresh = await makeServer();
    await letBack(fresh);
    await comeBack(eve, fresh.origin);
    const people = [absent(ann)];
    expect((await eve.call('POST', PATHS.restoredPeople, { people })).status).toBe(200);
    const old = eve.devices.at(-1) ?? eve.first;
    const arrival = async (
      change: { at?: number; time?: number; key?: typeof invite; by?: typeof invite } = {},
    ) => {
      const at = change.at ?? (first[0]?.time ?? 0) + 1;
      const own = memberThen(eve);
      const author = { account: eve.account, device: old.device };
      const previous = sha256(room.signed);
      const input = admissionInput({ room: room.room, ...author, identity: own.identity, previous });
      const signature = await signRaw('admission', input, change.by ?? invite);
      const admission = { invite: (change.key ?? invite).publicKey, signature };
      const next = room.next(
        eve,
        { at, members: [...room.header.members, own], admission, seen: startOf(room.room) },
        old,
      );
      const bytes = await room.sign(next, old);
      const id = idFromBytes<MessageId>(sha256(bytes).slice(0, 16));
      const entry = placed(first, { kind: 'epoch', id, body: bytes, who: eve, device: old.device });
      const entries = [...first, { ...entry, time: change.time ?? at }];
      const page = { ...stretch({ room: room.room, entries }, 0), headers: headersIn(entries) };
      return (await eve.call('POST', PATHS.restoredRoom(room.room), page)).json;
    };
    const other = await makeKey();
    expect((await arrival({ key: other, by: other })).code).toBe('rule_broken');
    expect((await arrival({ by: other })).code).toBe('bad_signature');
    expect((await arrival({ at: expires + 1, time: expires + 1 })).code).toBe('rule_broken');
    // Back-dated to when the link was open, in an entry of later.
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, expires + 50 - Date.now())));
    expect((await arrival({ time: expires + 10 })).code).toBe('rule_broken');
    expect(await arrival()).toEqual({ base: 0, head: 2 });
  });
});

/** A room that one account makes up by itself, as a log to be brought. */
async function madeUp(author: Person, others: readonly Person[], talk = new Room(), at = Date.now()) {
  const members = [member(author, 'admin'), ...others.map((person) => member(person))];
  const bytes = await talk.sign(talk.next(author, { members, at }), author.first);
  const id = idFromBytes<MessageId>(sha256(bytes).slice(0, 16));
  const entry = placed([], { kind: 'epoch', id, body: bytes, who: author, device: author.first.device });
  return { room: talk.room, entries: [entry] };
}

/** Everybody lives on this server; the window is open. */
async function openServer(...names: string[]) {
  const server = await makeServer();
  await letBack(server);
  const people = await Promise.all(names.map((name) => Person.guest(server.origin, name)));
  return { server, people };
}

const bringTo = async (
  who: Person,
  log: { room: RoomId; entries: readonly LogEntry[] },
  change: object = {},
) =>
  (
    await who.call('POST', PATHS.restoredRoom(log.room), {
      ...stretch({ ...log, entries: [...log.entries] }, 0),
      ...change,
    })
  ).json;

describe('[attack 46] what restoring is no door for', () => {
  test('[K1] nobody takes the id of an account that is not back yet: by sign-up, as its backup, as somebody absent', async () => {
    const { server, people } = await openServer('Ben');
    const [ben] = people as [Person];
    const ann = await Person.prepare(server.origin, 'Ann');
    const thief = Object.assign(await Person.prepare(server.origin, 'Thief'), { account: ann.account });
    Object.assign(thief, { list: undefined });
    await thief.sign(await thief.makeDevice());
    const answers = [
      await request(server.origin, 'POST', PATHS.accounts, { body: thief.registration() }),
      await ben.call('POST', PATHS.restoredPeople, { people: [absent(thief)] }),
      (await comeBack(thief, server.origin)).answer,
    ];
    expect(answers.map(({ json }) => json.code)).toEqual(Array(3).fill('malformed'));
    expect((await comeBack(ann, server.origin)).answer.status).toBe(201);
  });

  test('[R1] nobody takes the id of a group that is not back yet, also who was in it', async () => {
    const { lost, bring, back: dan } = await onEmptyServer('dan');
    const other = await madeUp(dan, [], new Room(lost.room));
    const known = new Room(lost.room).next(dan, { profile: lost.talk.header.profile });
    const bytes = await lost.talk.sign(known, dan.first);
    const made = await dan.call('POST', PATHS.epochs(lost.room), { header: toBase64Url(bytes), wraps: [] });
    expect([made.json.code, (await bringTo(dan, other)).code]).toEqual(['rule_broken', 'rule_broken']);
    const headers = [...other.entries, ...lost.entries.slice(1)].filter(({ kind }) => kind === 'epoch');
    expect((await bring({ ...stretch(lost, 6), headers: headersIn(headers) })).code).toBe('rule_broken');
    expect(await bring({ ...stretch(lost, 6), headers: headersIn(lost.entries) })).toEqual({
      base: 6,
      head: 11,
    });
  });

  test('a log begins where its headers say that somebody came in, and nowhere else', async () => {
    const { lost, bring, back: dan } = await onEmptyServer('dan');
    const { room, entries } = lost;
    const headers = headersIn(entries);
    const path = PATHS.restoredRoom(room);
    const begun = async (change: object) => (await bring({ ...stretch(lost, 6), headers, ...change })).code;
    expect(await begun({ chain: toBase64Url(random(32)) })).toBe('restore_conflict');
    expect(await begun({ ...stretch(lost, 7), headers })).toBe('restore_conflict');
    const far = entries.slice(6).map((entry) => ({ ...entry, position: entry.position + 1_000_000 }));
    expect(await begun({ entries: far })).toBe('restore_conflict');
    expect(await begun({ headers: headers.slice(0, 2) })).toBe('not_member');
    expect(await begun({ headers: headers.slice(1) })).toBe('malformed');
    const at = (...positions: number[]) => headers.map((one, i) => ({ ...one, position: positions[i] }));
    expect(await begun({ headers: at(1, 10, 9) })).toBe('malformed');
    expect(await begun({ headers: at(1, 3, 5) })).toBe('malformed'); // its author had seen 6
    expect(await begun({ headers: at(2, 6, 9) })).toBe('malformed');
    expect((await dan.call('GET', path)).json.code).toBe('not_member'); // nothing was made by any of these
    expect(await begun({})).toBeUndefined();
    expect((await dan.call('GET', path)).json).toEqual({ base: 6, head: 11 });
  });

  test('headers that break the rules admit nobody, whether the room is here or not', async () => {
    const { people } = await openServer('Ann', 'Ben', 'Eve');
    const [ann, ben, eve] = people as [Person, Person, Person];
    const live = await Room.group(ann, [ben]);
    const { entries } = (await ann.call('GET', `${PATHS.log(live.room)}?after=0`)).json;
    // Eve got hold of the first header, and signs the next one by which she is in.
    const next = live.next(eve, { members: [...live.header.members, member(eve)] });
    const bytes = await live.sign(next, eve.first);
    const id = idFromBytes<MessageId>(sha256(bytes).slice(0, 16));
    const entry = placed(entries, { kind: 'epoch', id, body: bytes, who: eve, device: eve.first.device });
    const log = { room: live.room, entries: [...entries, entry] };
    const headers = headersIn(log.entries);
    expect((await bringTo(eve, log, { headers })).code).toBe('rule_broken');
    expect((await eve.call('GET', PATHS.restoredRoom(live.room))).json.code).toBe('not_member');
  });

  test('[D1] where headers stood that nobody can see is not settled by who says so first', async () => {
    const { lost, server, bring } = await onEmptyServer('dan');
    const { ann, entries } = lost;
    const headers = headersIn(entries).map((one) => (one.position === 6 ? { ...one, position: 4 } : one));
    expect(await bring({ ...stretch(lost, 6), headers })).toEqual({ base: 6, head: 11 });
    expect((await comeBack(ann, server.origin)).answer.status).toBe(201);
    expect((await bring(stretch(lost, 3, 6), ann)).code).toBe('restore_conflict');
  });

  test('a room that lives here is not displaced, and nothing is put into it', async () => {
    const { people } = await openServer('Ann', 'Mallory');
    const [ann, mallory] = people as [Person, Person];
    const live = await Room.group(ann, [mallory]);
    const other = await madeUp(mallory, [ann], new Room(live.room));
    expect((await bringTo(mallory, other)).code).toBe('restore_conflict');
    const { json } = await mallory.call('GET', `${PATHS.log(live.room)}?after=0`);
    const { id, body } = await live.signedMessage(mallory);
    const tail = entryOf(mallory, 2, { id, body, time: json.entries[0].time });
    expect((await bringTo(mallory, { room: live.room, entries: [...json.entries, tail] })).code).toBe(
      'restore_conflict',
    );
    expect((await ann.call('GET', `${PATHS.log(live.room)}?after=0`)).json.head).toBe(1);
  });

  test('[R1] [attack 40] a header comes back at the time that it had, be it a year ago, and at no other', async () => {
    const { people } = await openServer('Ann', 'Mallory');
    const [ann, mallory] = people as [Person, Person];
    const past = Date.now() - 365 * 86_400_000;
    const bring = async (time: number) => {
      const { room, entries } = await madeUp(mallory, [ann], new Room(), past);
      return bringTo(mallory, { room, entries: entries.map((entry) => ({ ...entry, time })) });
    };
    const refused = [past - LIMITS.headerSkew - 1, past + LIMITS.headerSkew + 1, Date.now() - 1_000];
    for (const time of refused) expect(await bring(time)).toMatchObject({ code: 'misdated', time });
    for (const time of [past - LIMITS.headerSkew, past, past + LIMITS.headerSkew]) {
      expect(await bring(time)).toMatchObject({ head: 1 });
    }
  });

  test('nobody is forced: 1,050 rooms that others bring count for nobody, and few are told', async () => {
    const { server, people } = await openServer('Ann', 'Mallory');
    const [ann, mallory] = people as [Person, Person];
    const store = await openSqliteStore(server.dataDir);
    // By the store: the rates would take minutes. What it is told is what a request brings.
    for (let i = 0; i < 1_050; i += 1) {
      const { room, entries } = await madeUp(mallory, [ann]);
      const [first] = entries;
      if (!first) throw new Error('a header');
      const commit = {
        room,
        epoch: 1,
        signed: random(100),
        hash: random(32),
        previous: null,
        author: { account: mallory.account, device: mallory.first.device },
        id: first.id,
        time: first.time,
        at: first.time,
        history: 'joined' as const,
        seen: 0,
        members: [mallory, ann].map(({ account }) => ({ account, list: 1, listHash: '' })),
        invites: [],
        wraps: [],
        limits: { ...LIMITS, rooms: 2_000 },
      };
      const run = { kind: 'epoch' as const, commit };
      expect(await store.rooms.replay({ room, by: mallory.account, position: 1, run })).toBe('taken');
    }
    await store.close();
    const { ready } = await connect(ann);
    expect(ready.rooms).toHaveLength(LIMITS.pendingTold);
    expect(ready.rooms.every(({ pending }) => pending)).toBe(true);
    await Room.group(ann, []); // her own rooms are hers to make
  }, 60_000);

  test('who brings rooms is bounded in them, and so is what all may bring', async () => {
    const { server, people } = await openServer('Ann', 'Mallory');
    const [ann, mallory] = people as [Person, Person];
    const store = await openSqliteStore(server.dataDir);
    const load = { rooms: LIMITS.restoredRooms - 1, people: LIMITS.restoredPeople, entries: 0, bytes: 0 };
    const most = { rooms: 9_999, people: 9_999, entries: 9_999, bytes: 9_999 };
    expect(await store.restores.charge(mallory.account, load, most)).toBe('charged');
    expect(await bringTo(mallory, await madeUp(mallory, [ann]))).toMatchObject({ head: 1 });
    expect((await bringTo(mallory, await madeUp(mallory, [ann]))).code).toBe('limit');
    const named = [absent(await Person.prepare(server.origin, 'Nobody'))];
    expect((await mallory.call('POST', PATHS.restoredPeople, { people: named })).json.code).toBe('limit');
    await store.restores.setWindow({ until: Date.now() + MINUTE, bytes: 1_000 });
    expect((await bringTo(mallory, await madeUp(mallory, [ann]))).code).toBe('quota');
    expect(await restoreWindow(server.dataDir, { do: 'open', hours: 1, gib: 1 })).toBeInstanceOf(Date);
    expect(await bringTo(mallory, await madeUp(mallory, [ann]))).toMatchObject({ head: 1 });
    await store.close();
  });

  test('the database grows by no more than what is counted', async () => {
    const { server, people } = await openServer('Ann', 'Mallory');
    const [ann, mallory] = people as [Person, Person];
    const talk = new Room();
    const log = await madeUp(mallory, [ann], talk);
    talk.header = talk.next(mallory, { members: [member(mallory, 'admin'), member(ann)] });
    const entries = [...log.entries];
    for (let i = 0; i < 499; i += 1) {
      const { id, body } = await talk.signedMessage(mallory, {
        epoch: 1,
        size: 64,
        seen: startOf(talk.room),
      });
      entries.push(entryOf(mallory, entries.length + 1, { id, body, time: entries[0]?.time ?? 0 }));
    }
    const grown = await growth(server.dataDir, async () => {
      expect(await bringTo(mallory, { room: talk.room, entries })).toMatchObject({ head: 500 });
      for (let i = 0; i < 40; i += 1) {
        expect(await bringTo(mallory, await madeUp(mallory, [ann]))).toMatchObject({ head: 1 });
      }
    });
    expect(grown.bytes).toBeGreaterThan(100_000);
    expect(grown.bytes).toBeLessThan(grown.counted);
  });

  test('[attack 53] whether a room is here, and how much is in it, is told to those who were in it', async () => {
    const { people } = await openServer('Ann', 'Ben', 'Mallory');
    const [ann, ben, mallory] = people as [Person, Person, Person];
    const live = await Room.group(ann, [ben]);
    const { entries } = (await ann.call('GET', `${PATHS.log(live.room)}?after=0`)).json;
    const there = { room: live.room, entries: entries as LogEntry[] };
    const nowhere = await madeUp(ann, [ben]); // a log that is genuine, and nowhere yet
    for (const asked of [
      (log: typeof there) => mallory.call('GET', PATHS.restoredRoom(log.room)),
      (log: typeof there) => mallory.call('POST', PATHS.restoredRoom(log.room), stretch(log, 0)),
      (log: typeof there) =>
        mallory.call('POST', PATHS.restoredRoom(log.room), { ...stretch(log, 0), headers: [] }),
    ]) {
      const answers = [await asked(there), await asked(nowhere)];
      expect(answers[0]).toMatchObject({ status: 403, json: { code: 'not_member' } });
      expect(answers[1]).toEqual(answers[0]);
    }
    // Who is out counts no further than to where it went.
    await live.commit(ann, { members: [member(ann, 'admin')] });
    const socket = await connect(ann);
    for (let i = 0; i < 3; i += 1) {
      socket.send({ t: 'send', ...(await live.signedMessage(ann)) });
      await socket.take('ack');
    }
    expect((await ben.call('GET', PATHS.restoredRoom(live.room))).json).toEqual({ base: 0, head: 2 });
    const log = (await ann.call('GET', `${PATHS.log(live.room)}?after=0`)).json.entries as LogEntry[];
    expect(await bringTo(ben, { room: live.room, entries: log.slice(0, 2) })).toEqual({ base: 0, head: 2 });
    const beyond = [log.slice(0, 4), [...log, { ...log[4], position: 6 } as LogEntry]];
    for (const tail of beyond) {
      expect((await bringTo(ben, { room: live.room, entries: tail })).code).toBe('restore_conflict');
    }
  });

  test('a returning account is kept out by nobody who names its devices, or its lists', async () => {
    const { server, people } = await openServer('Mallory');
    const [mallory] = people as [Person];
    const elsewhere = await makeServer();
    const paula = await Person.guest(elsewhere.origin, 'Paula');
    const puppet = await Person.prepare(server.origin, 'Puppet');
    Object.assign(puppet, { list: undefined });
    await puppet.sign(paula.first);
    expect((await mallory.call('POST', PATHS.restoredPeople, { people: [absent(puppet)] })).json).toEqual({});
    expect((await mallory.call('POST', PATHS.restoredPeople, { people: [absent(paula)] })).json).toEqual({});
    expect((await comeBack(paula, server.origin)).answer.status).toBe(201);
  });
});

/** Bytes that a database grew by meanwhile, and what was counted for it. */
async function growth(
  dataDir: string,
  work: () => Promise<void>,
): Promise<{ bytes: number; counted: number }> {
  const db = new DatabaseSync(`${dataDir}/sotto.sqlite`);
  const sum = (sql: string) => Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);
  const size = () => sum('PRAGMA page_count') * sum('PRAGMA page_size');
  const counted = () => sum('SELECT coalesce(sum(bytes), 0) FROM restore_loads');
  const before = { size: size(), counted: counted() };
  try {
    await work();
    return { bytes: size() - before.size, counted: counted() - before.counted };
  } finally {
    db.close();
  }
}

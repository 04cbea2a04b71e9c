import { PATHS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { checkDatabase } from '../src/store/sqlite/check.ts';
import { makeVault } from './support/password.ts';
import { Person, request } from './support/person.ts';
import { chainAt, comeBack, headersIn, onEmptyServer, stretch } from './support/returning.ts';
import { letBack, makeServer } from './support/server.ts';
import { connect } from './support/socket.ts';

test('[D1] a log comes back in stretches, said twice no harm is done, and the room goes on from there', async () => {
  const { lost, server, bring, path } = await onEmptyServer();
  const { ann, ben, room, entries } = lost;
  expect((await ann.call('GET', path)).json.code).toBe('not_member');
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  expect(await bring(stretch(lost, 2, 6))).toEqual({ base: 0, head: 6 }); // half of it was here
  expect(await bring(stretch(lost, 6))).toEqual({ base: 0, head: entries.length });
  expect((await ann.call('GET', path)).json).toEqual({ base: 0, head: entries.length });
  const page = (await ann.call('GET', `${PATHS.log(room)}?after=0`)).json;
  expect(page.entries).toEqual(entries);
  const socket = await connect(ann);
  expect(socket.ready.rooms).toMatchObject([
    {
      room,
      head: entries.length,
      epoch: 3,
      until: null,
      pending: false,
      chain: chainAt(room, entries, entries.length),
    },
  ]);
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`)).toMatchObject({
    entries: entries.length,
    problems: [],
  });
  // Who is absent stands in the headers and signs nothing.
  ben.origin = server.origin;
  expect((await ben.call('GET', PATHS.vault)).json.code).toBe('unknown_device');
  expect((await ann.call('GET', PATHS.people)).json.people).toHaveLength(1);
  const keys = await ann.call('POST', PATHS.keys, { accounts: [{ account: ben.account, after: 0 }] });
  expect(keys.json.accounts).toMatchObject([
    { account: ben.account, lists: [toBase64Url(ben.signedList)], keys: [] },
  ]);
  // Back with a list of his own, he is asked about the room; his own backup is an answer.
  expect((await comeBack(ben, server.origin)).answer.status).toBe(201);
  expect((await connect(ben)).ready.rooms).toMatchObject([{ room, head: entries.length, pending: true }]);
  expect(await bring(stretch(lost, 6), ben)).toEqual({ base: 0, head: entries.length });
  expect((await connect(ben)).ready.rooms).toMatchObject([{ room, pending: false }]);
});

test('[D1] a log begins where somebody came in, and is filled in by who has the beginning', async () => {
  const { lost, server, bring, path } = await onEmptyServer('dan');
  const { ann, dan, room, entries } = lost;
  const base = 6;
  const later = { ...stretch(lost, base), headers: headersIn(entries) };
  expect(await bring(later)).toEqual({ base, head: entries.length });
  expect((await dan.call('GET', `${PATHS.log(room)}?after=0`)).json.entries).toEqual(entries.slice(base));
  expect((await dan.call('GET', `${PATHS.headers(room)}?after=0`)).json.headers).toHaveLength(3);
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`).problems).toEqual([]);

  expect((await comeBack(ann, server.origin)).answer.status).toBe(201);
  expect((await bring(stretch(lost, 0, 3), ann)).code).toBe('restore_conflict'); // leads nowhere that is known
  expect(await bring(stretch(lost, 3, base), ann)).toEqual({ base: 3, head: entries.length });
  expect(await bring(stretch(lost, 0, 3), ann)).toEqual({ base: 0, head: entries.length });
  expect((await ann.call('GET', `${PATHS.log(room)}?after=0`)).json.entries).toEqual(entries);
  expect((await ann.call('GET', path)).json).toEqual({ base: 0, head: entries.length });
  expect(checkDatabase(`${server.dataDir}/sotto.sqlite`)).toMatchObject({
    entries: entries.length,
    problems: [],
  });
});

test('[D1] who came in later brings the whole of a room, with what admits them', async () => {
  const { lost, bring, dan } = await onEmptyServer('dan').then((stage) => ({ ...stage, dan: stage.back }));
  const { entries } = lost;
  // The first entries have none of the headers that admit Dan; they go before each request until one does.
  expect((await bring(stretch(lost, 0, 4))).code).toBe('not_member');
  const headers = headersIn(entries);
  expect(await bring({ ...stretch(lost, 0, 4), headers })).toEqual({ base: 0, head: 4 });
  expect((await dan.call('GET', `${PATHS.log(lost.room)}?after=0`)).json.code).toBe('not_member');
  expect((await bring(stretch(lost, 4))).code).toBe('not_member');
  expect(await bring({ ...stretch(lost, 4), headers })).toEqual({ base: 0, head: entries.length });
  expect((await connect(dan)).ready.rooms).toMatchObject([{ head: entries.length, pending: false }]);
});

test('[attack 25] once something was written here, nothing is brought behind it any more', async () => {
  const { lost, bring } = await onEmptyServer();
  const { ann, talk } = lost;
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 4 });
  const socket = await connect(ann);
  // M2: the counters came back too.
  const device = ann.devices.at(-1);
  if (!device) throw new Error('Ann had a device before');
  const old = await connect(ann, device);
  old.send({ t: 'send', ...(await talk.signedMessage(ann, { epoch: 1, counter: 3, device })) });
  expect(await old.take('refused')).toMatchObject({ message: expect.stringContaining('counter') });
  socket.send({ t: 'send', ...(await talk.signedMessage(ann, { epoch: 1, counter: 1 })) });
  expect(await socket.take('ack')).toMatchObject({ position: 5 });
  expect((await bring(stretch(lost, 4))).code).toBe('restore_conflict');
  expect(await bring(stretch(lost, 0, 4))).toEqual({ base: 0, head: 5 });
});

test('[K1] [attack 3] an account comes back only under its own identity, to a server that lacks it', async () => {
  const server = await makeServer();
  await letBack(server);
  const { origin } = server;
  const [ann, ben] = [await Person.guest(origin, 'Ann'), await Person.guest(origin, 'Ben')];
  expect((await comeBack(ann, origin)).answer.json.code).toBe('id_reused');
  const empty = await makeServer();
  const closed = await makeServer({ registration: 'closed' });
  for (const each of [empty, closed]) await letBack(each);
  const stranger = await Person.guest(empty.origin, 'Ben');
  const { list: first, signedList: signed } = ben;
  const taken = await comeBack(ben, empty.origin);
  expect(taken.answer.json.code).toBe('name_taken');
  // K3: another name is another list.
  Object.assign(ben, { list: first, signedList: signed, name: 'Ben again' });
  const another = (await comeBack(ben, closed.origin)).body;
  const post = async (change: object) =>
    (await request(empty.origin, 'POST', PATHS.restoredAccount, { body: { ...another, ...change } })).json
      .code;
  expect(await post({ earlier: [] })).toBe('malformed');
  expect(await post({ earlier: [toBase64Url(stranger.signedList)] })).toBe('malformed');
  expect(await post({ account: stranger.account })).toBe('malformed');
  const thief = await Person.prepare(empty.origin);
  expect(await post({ list: toBase64Url(thief.signedList) })).toBe('malformed');
  expect(await post({ password: { record: 'abc', vault: makeVault(2) } })).toBe('malformed');
  expect(await post({})).toBeUndefined();
  expect(await post({})).toBeUndefined(); // said again
  const refused = await request(closed.origin, 'POST', PATHS.restoredAccount, { body: another });
  expect(refused.json.code).toBe('registration_closed');
});

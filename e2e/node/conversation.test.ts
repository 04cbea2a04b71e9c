import type { Engine, MessageItem, SystemItem } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { joins, numberOf, verifies } from '../support/trust.ts';

let server: ServerProcess;
let members: Members;

beforeAll(async () => {
  server = await startServerProcess();
  members = await gatherMembers(() => server.origin);
});

afterAll(async () => {
  await members.end();
  await server.end();
});

let used = 0;
/** People with names of their own, online. */
async function people<const Names extends readonly string[]>(...names: Names) {
  used += 1;
  const joined = await Promise.all(names.map((name) => members.join(`${name} ${used}`)));
  for (const engine of joined) {
    await until(() => engine.state.connection.status === 'online', 'everyone is online');
  }
  return joined as { [K in keyof Names]: Engine };
}

const messages = (engine: Engine, room: RoomId) =>
  engine.timeline(room).state.items.filter((item): item is MessageItem => item.type === 'message');

const message = (engine: Engine, room: RoomId, body: string) =>
  messages(engine, room).find((item) => item.body === body);

const events = (engine: Engine, room: RoomId) =>
  engine
    .timeline(room)
    .state.items.filter((item): item is SystemItem => item.type === 'system')
    .map((item) => item.event.type);

async function positionOf(engine: Engine, room: RoomId, body: string): Promise<number> {
  await until(() => Boolean(message(engine, room, body)?.position), `"${body}" is in the log`);
  return message(engine, room, body)?.position ?? 0;
}

test('two people find each other and talk in private', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await converse(alice, bob);
  expect(texts(alice, room)).toEqual(['hello', 'hello back']);
  expect(texts(bob, room)).toEqual(['hello', 'hello back']);
  expect(alice.state.rooms.get(room)?.title).toBe(bob.state.self.name);
  expect(alice.state.rooms.get(room)?.security.state).toBe('unverified');
  expect(await numberOf(alice, bob.id)).toBe(await numberOf(bob, alice.id));
  await verifies(alice, bob.id);
  expect(alice.state.people.get(bob.id)?.trust).toBe('verified');
  await until(() => alice.state.rooms.get(room)?.security.state === 'verified', 'the lock closes');
});

test('both sides opening the same conversation at once end in one room', async () => {
  const [alice, bob] = await people('Ann', 'Ben');
  await until(() => alice.state.people.has(bob.id) && bob.state.people.has(alice.id), 'they meet');
  const [a, b] = await Promise.all([alice.rooms.openDirect(bob.id), bob.rooms.openDirect(alice.id)]);
  expect(a).toBe(b);
  await Promise.all([
    alice.messages.send(a, { body: 'from Ann' }),
    bob.messages.send(b, { body: 'from Ben' }),
  ]);
  await until(() => texts(alice, a).length === 2 && texts(bob, b).length === 2, 'both messages arrive');
  expect(texts(alice, a)).toEqual(texts(bob, b));
});

test('edits, deletions, replies, reactions and mentions reach everyone', async () => {
  const [alice, bob, carol] = await people('Alice', 'Bob', 'Carol');
  const room = await gather(alice, [bob, carol]);
  await alice.messages.send(room, { body: 'frist', mentions: [bob.id] });
  const first = await positionOf(alice, room, 'frist');
  await expect(alice.messages.edit(room, first, ' ')).rejects.toMatchObject({ code: 'usage' }); // only captions
  await until(() => message(bob, room, 'frist') !== undefined, 'Bob reads');
  expect(message(bob, room, 'frist')?.mentionsSelf).toBe(true);
  expect(bob.state.rooms.get(room)?.mentions).toBe(1);
  await alice.messages.edit(room, first, 'first');
  const changed = () => message(carol, room, 'first');
  await until(() => changed() !== undefined, 'Carol sees the edit');
  expect(changed()).toMatchObject({ edited: expect.any(Number) });
  const at = await positionOf(bob, room, 'welcome');
  await bob.messages.react(room, at, '👍', true);
  await carol.messages.react(room, at, '👍', true);
  await until(() => message(alice, room, 'welcome')?.reactions[0]?.accounts.length === 2, 'two thumbs');
  await bob.messages.react(room, at, '👍', false);
  await until(() => message(alice, room, 'welcome')?.reactions[0]?.accounts.length === 1, 'one thumb');
  await bob.messages.send(room, { body: 'an answer', reply: at });
  await until(() => message(carol, room, 'an answer')?.reply?.body === 'welcome', 'the quote is there');
  await alice.messages.remove(room, await positionOf(alice, room, 'first'));
  await until(() => !texts(carol, room).includes('first'), 'Carol no longer sees it');
  await expect(bob.messages.edit(room, at, 'hijacked')).rejects.toMatchObject({ code: 'forbidden' });
});

test('delivery, read receipts, unread counts and typing', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await converse(alice, bob);
  await bob.messages.markRead(room, bob.state.rooms.get(room)?.last ? 1_000 : 0);
  await alice.messages.send(room, { body: 'ping' });
  await until(() => message(alice, room, 'ping')?.delivery?.state === 'delivered', 'delivered');
  expect(bob.state.rooms.get(room)?.unread).toBe(1);
  bob.messages.setTyping(room, true);
  await until(() => alice.state.rooms.get(room)?.typing.includes(bob.id) === true, 'typing shows');
  bob.messages.setTyping(room, false);
  await until(() => alice.state.rooms.get(room)?.typing.length === 0, 'typing ends');
  await bob.messages.markRead(room, await positionOf(bob, room, 'ping'));
  expect(bob.state.rooms.get(room)?.unread).toBe(0);
  await until(() => message(alice, room, 'ping')?.delivery?.state === 'read', 'read');
});

test('[R3] members are added, promoted, removed and leave; each change is told in the conversation', async () => {
  const [alice, bob, carol, dan] = await people('Alice', 'Bob', 'Carol', 'Dan');
  const room = await gather(alice, [bob, carol], 'Crew');
  await alice.rooms.rename(room, { name: 'The crew', topic: 'plans' });
  await until(() => carol.state.rooms.get(room)?.title === 'The crew', 'the name is everywhere');
  await until(() => alice.state.people.has(dan.id), 'Dan is known');
  await alice.rooms.addMembers(room, [dan.id]);
  await alice.messages.send(room, { body: 'hello Dan' });
  await until(() => texts(dan, room).includes('hello Dan'), 'Dan reads');
  expect(texts(dan, room)).not.toContain('welcome'); // attack 23
  expect(dan.state.rooms.get(room)?.title).toBe('The crew');
  await alice.rooms.setRole(room, bob.id, 'admin');
  await until(() => bob.state.rooms.get(room)?.role === 'admin', 'Bob is admin');
  await bob.rooms.removeMember(room, carol.id);
  await until(() => carol.state.rooms.get(room)?.standing === 'removed', 'Carol knows');
  await alice.messages.send(room, { body: 'after Carol' });
  await until(() => texts(dan, room).includes('after Carol'), 'those who stay read on');
  expect(texts(carol, room)).not.toContain('after Carol'); // attack 22
  await carol.messages.send(room, { body: 'still here?' });
  await until(() => message(carol, room, 'still here?')?.delivery?.state === 'failed', 'Carol is told');
  await alice.rooms.leave(room);
  await until(() => alice.state.rooms.get(room)?.standing === 'left', 'Alice left');
  await until(() => dan.state.rooms.get(room)?.members.length === 2, 'an epoch without Alice follows');
  await dan.messages.send(room, { body: 'after Alice' });
  await until(() => texts(bob, room).includes('after Alice'), 'Bob reads');
  expect(texts(alice, room)).not.toContain('after Alice');
  expect(events(bob, room)).toEqual(
    expect.arrayContaining(['created', 'renamed', 'added', 'role', 'removed', 'left']),
  );
  await expect(dan.rooms.removeMember(room, bob.id)).rejects.toMatchObject({ name: 'VerificationError' });
});

test('[R7] an invite link lets its holder in, and only while it stands', async () => {
  const [alice, bob, eve] = await people('Alice', 'Bob', 'Eve');
  const room = await gather(alice, [bob], 'Open house');
  const link = await alice.rooms.createInvite(room, Date.now() + 3_600_000);
  const dora = (await people('Dora'))[0];
  expect(await dora.rooms.previewInvite(link)).toMatchObject({
    room,
    name: 'Open house',
    members: [{ account: alice.id }, { account: bob.id }],
  });
  expect(await joins(dora, link)).toBe(room);
  await dora.messages.send(room, { body: 'I came by the link' });
  await until(() => texts(bob, room).includes('I came by the link'), 'Bob reads Dora');
  await alice.rooms.revokeInvites(room);
  await expect(joins(eve, link)).rejects.toMatchObject({ code: 'not_found' });
});

test('[R1] who is added to a room with open history reads its past', async () => {
  const [alice, bob, carol] = await people('Alice', 'Bob', 'Carol');
  const room = await gather(alice, [bob]);
  await alice.rooms.setPolicy(room, { add: 'admin', history: 'all', profile: 'admin' });
  await alice.messages.send(room, { body: 'kept for later' });
  await until(() => texts(bob, room).includes('kept for later'), 'Bob reads');
  await alice.rooms.addMembers(room, [carol.id]);
  await until(() => carol.state.rooms.has(room), 'Carol is in');
  const timeline = carol.timeline(room);
  await until(() => timeline.state.hasOlder, 'there is more');
  await timeline.loadOlder();
  await until(() => texts(carol, room).includes('kept for later'), 'Carol reads the past');
  expect(texts(carol, room)).not.toContain('welcome'); // before history was open
});

test('search finds words on this device', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await converse(alice, bob);
  await alice.messages.send(room, { body: 'The quick brown fox' });
  await until(() => texts(bob, room).includes('The quick brown fox'), 'it arrives');
  expect((await bob.messages.search('FOX quick')).map((hit) => hit.body)).toEqual(['The quick brown fox']);
  expect(await bob.messages.search('wolf')).toEqual([]);
});

test('what is edited or deleted is so wherever it is told of: list, search, counts, export, quotes', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await converse(alice, bob);
  await alice.messages.send(room, { body: 'meet at five' });
  await until(() => texts(bob, room).includes('meet at five'), 'it arrives');
  const told = (engine: Engine) => engine.state.rooms.get(room)?.last?.preview;
  const position = message(bob, room, 'meet at five')?.position ?? 0;
  await alice.messages.edit(room, position, 'meet at seven');
  await until(() => texts(bob, room).includes('meet at seven'), 'it is edited');
  for (const engine of [alice, bob]) {
    await until(() => told(engine) === 'meet at seven', 'the list tells the new words');
    expect(await engine.messages.search('five')).toEqual([]);
    expect((await engine.messages.search('seven')).map(({ body }) => body)).toEqual(['meet at seven']);
  }
  const unread = bob.state.rooms.get(room)?.unread ?? 0;
  await alice.messages.send(room, { body: 'secret pass 1234', mentions: [bob.id] });
  await until(() => bob.state.rooms.get(room)?.unread === unread + 1, 'it is new to Bob');
  const secret = message(alice, room, 'secret pass 1234')?.position ?? 0;
  await bob.messages.send(room, { body: 'noted', reply: secret });
  await alice.messages.send(room, { body: 'another' });
  await until(() => texts(bob, room).includes('another'), 'both go on');
  await alice.messages.send(room, { body: 'secret pass 5678' });
  await until(() => texts(bob, room).includes('secret pass 5678'), 'the second arrives');
  await alice.messages.remove(room, secret);
  await expect(alice.messages.edit(room, secret, 'too late')).rejects.toMatchObject({ code: 'deleted' });
  await alice.messages.remove(room, message(alice, room, 'secret pass 5678')?.position ?? 0);
  for (const engine of [alice, bob]) {
    await until(() => !texts(engine, room).some((body) => body.includes('secret')), 'both are gone');
    await until(() => told(engine) === '', 'the list tells that it was deleted');
    expect(await engine.messages.search('secret')).toEqual([]);
    expect(await engine.messages.search('1234')).toEqual([]);
    expect(JSON.stringify([...engine.state.rooms.values()])).not.toContain('secret');
    expect(JSON.stringify(messages(engine, room))).not.toContain('secret');
    const exported = Object.values(unzipSync(await engine.account.export())).map((bytes) => strFromU8(bytes));
    expect(exported.join()).toContain('meet at seven');
    expect(exported.join()).not.toMatch(/secret|five/);
  }
  await expect(alice.messages.edit(room, secret, 'too late')).rejects.toMatchObject({ code: 'deleted' });
  await until(() => bob.state.rooms.get(room)?.unread === 1, 'one message is new to Bob: what is left');
});

test('an account with a password signs in elsewhere and reads what others still hold [R6]', async () => {
  const { acquaintedSotto } = await import('../support/acquainted.ts');
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'sotto-two-devices-'));
  const [bob] = await people('Bob');
  const first = acquaintedSotto({ server: server.origin, directory: join(folder, 'first') });
  const laptop = await first.createAccount('Paula', 'correct horse battery');
  const second = acquaintedSotto({ server: server.origin, directory: join(folder, 'second') });
  try {
    await until(() => laptop.state.connection.status === 'online', 'online');
    const room = await converse(laptop, bob);
    await expect(second.signIn('Paula', 'wrong password')).rejects.toMatchObject({ code: 'bad_login' });
    const phone = await second.signIn('Paula', 'correct horse battery');
    try {
      expect(phone.id).toBe(laptop.id);
      await until(() => texts(phone, room).includes('hello back'), 'the history is there', 30_000);
      await phone.messages.send(room, { body: 'from the phone' });
      await until(() => texts(laptop, room).includes('from the phone'), 'the laptop shows it');
      await until(() => texts(bob, room).includes('from the phone'), 'Bob reads it');
      await bob.messages.send(room, { body: 'to both' });
      await until(() => texts(phone, room).includes('to both'), 'the phone reads on');
      await until(() => texts(laptop, room).includes('to both'), 'the laptop too');
    } finally {
      await phone.close();
    }
  } finally {
    await laptop.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('[R6] who was away at a renaming and is removed then reads all of before the removal, under its name', async () => {
  const [alice, bob, carol] = await people('Alice', 'Bob', 'Carol');
  const room = await gather(alice, [bob, carol], 'Old name');
  const away = await members.away(carol);
  await alice.rooms.rename(room, { name: 'New name' });
  await alice.messages.send(room, { body: 'under the new name' });
  await until(() => texts(bob, room).includes('under the new name'), 'Bob reads it');
  await alice.rooms.removeMember(room, carol.id);
  await alice.messages.send(room, { body: 'without her' });
  await until(() => texts(bob, room).includes('without her'), 'Bob reads on');
  await alice.rooms.rename(room, { name: 'Not for her' });
  const again = await away.back();
  await until(() => again.state.rooms.get(room)?.standing === 'removed', 'she is told');
  await until(() => texts(again, room).includes('under the new name'), 'she reads what was sent before');
  await until(
    () => again.state.rooms.get(room)?.title === 'New name',
    'the name is the last one she may know',
  );
  expect(texts(again, room)).not.toContain('without her');
});

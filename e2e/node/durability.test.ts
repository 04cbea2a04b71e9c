import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, NO_DRAFT } from '@sotto/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { acquaintedSotto } from '../support/acquainted.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

let server: ServerProcess;
let members: Members;

beforeEach(async () => {
  server = await startServerProcess();
  members = await gatherMembers(() => server.origin);
});

afterEach(async () => {
  await members.end();
  await server.end();
});

const online = (engine: Engine) => until(() => engine.state.connection.status === 'online', 'online', 30_000);

test('[D2, D3] a server killed while people talk loses nothing and doubles nothing', async () => {
  const [alice, bob] = await Promise.all([members.join('Alice'), members.join('Bob')]);
  const room = await converse(alice, bob);
  const said: string[] = ['hello', 'hello back'];
  for (let round = 0; round < 3; round++) {
    const running = (async () => {
      for (let i = 0; i < 20; i++) {
        const body = `${round}/${i}`;
        said.push(body);
        await alice.messages.send(room, { body });
      }
    })();
    await until(() => texts(bob, room).some((t) => t.startsWith(`${round}/`)), 'the round began');
    await server.kill9();
    await running;
    await server.restart();
    for (const engine of [alice, bob]) {
      engine.reconnect();
      await online(engine);
    }
  }
  await until(() => texts(bob, room).length >= said.length, 'everything arrived', 30_000);
  await until(
    () => alice.timeline(room).state.items.every((i) => i.type !== 'message' || i.position),
    'sent',
  );
  expect(texts(bob, room)).toEqual(said);
  expect(texts(alice, room)).toEqual(said);
});

test('[E3, E5] what is written offline survives the end of the program and goes out once', async () => {
  const [alice, bob] = await Promise.all([members.join('Alice'), members.join('Bob')]);
  const room = await converse(alice, bob);
  await until(() => bob.state.caughtUp, 'Bob knows all there was');
  const heard: string[] = [];
  bob.events.on((event) => event.type === 'message' && heard.push(event.body));
  await server.stop();
  await until(() => alice.state.connection.status !== 'online', 'Alice is offline');
  await alice.messages.send(room, { body: 'written offline' });
  await alice.messages.setDraft(room, { ...NO_DRAFT, text: 'half a thought' });
  const away = await members.away(alice);
  await server.restart();
  const again = await away.back();
  expect(again.state.rooms.get(room)?.draft.text).toBe('half a thought');
  await until(() => texts(bob, room).includes('written offline'), 'it arrives', 30_000);
  expect(heard).toEqual(['written offline']); // news, though a break in the connection lay between
  await until(() => texts(again, room).includes('written offline'), 'it stays');
  expect(texts(bob, room).filter((t) => t === 'written offline')).toHaveLength(1);
});

test('[R6] a member who was away catches up over several epochs', async () => {
  const [alice, bob, carol] = (await Promise.all(
    ['Alice', 'Bob', 'Carol'].map((name) => members.join(name)),
  )) as [Engine, Engine, Engine];
  const room = await gather(alice, [bob, carol]);
  const away = await members.away(carol);
  for (let epoch = 0; epoch < 3; epoch++) {
    await alice.messages.send(room, { body: `before ${epoch}` });
    await alice.rooms.rekey(room);
    await bob.messages.send(room, { body: `after ${epoch}` });
  }
  await until(() => texts(alice, room).length === 7 && texts(bob, room).length === 7, 'the others read');
  const back = await away.back();
  await until(() => texts(back, room).length === 7, 'Carol catches up', 30_000);
  expect(texts(back, room)).toEqual(texts(alice, room));
  expect(back.state.rooms.get(room)?.security.state).toBe('unverified');
});

test('[R4, attack 28] concurrent changes of one room: one wins, the others follow, nothing is lost', async () => {
  const engines = await Promise.all(['Ada', 'Bea', 'Cid', 'Dot'].map((name) => members.join(name)));
  const [ada, ...others] = engines as [Engine, ...Engine[]];
  const room = await gather(ada, others);
  for (const other of others) await ada.rooms.setRole(room, other.id, 'admin');
  for (const other of others) await until(() => other.state.rooms.get(room)?.role === 'admin', 'all admins');
  await Promise.all([
    ...engines.map((engine) => engine.rooms.rekey(room)),
    ...engines.map((engine, i) => engine.messages.send(room, { body: `during ${i}` })),
  ]);
  for (const engine of engines) await until(() => texts(engine, room).length === 5, 'all texts everywhere');
  const views = engines.map((engine) => texts(engine, room));
  for (const view of views) expect(view).toEqual(views[0]);
  // The room, three promotions, four rekeyings.
  for (const engine of engines) await until(() => engine.state.rooms.get(room)?.epoch === 8, 'all epochs');
});

test('[E4, attack 33] two engines on one store, as in two tabs: each message once, no counter twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-tabs-'));
  const bob = await members.join('Bob');
  const first = await acquaintedSotto({ server: server.origin, directory: folder }).createGuest('Tabitha');
  const second = await acquaintedSotto({ server: server.origin, directory: folder }).resume(first.id);
  try {
    await online(first);
    await online(second);
    const room = await converse(first, bob);
    await until(() => texts(second, room).includes('hello back'), 'the other tab follows');
    const bodies = Array.from({ length: 20 }, (_, i) => `tab ${i}`);
    await Promise.all(bodies.map((body, i) => (i % 2 ? first : second).messages.send(room, { body })));
    await until(() => texts(bob, room).length === 22, 'all arrive');
    expect([...texts(bob, room)].sort()).toEqual(['hello', 'hello back', ...bodies].sort());
    for (const tab of [first, second])
      await until(() => texts(tab, room).length === 22, 'both tabs show all');
    expect(texts(first, room)).toEqual(texts(second, room));
    expect(bob.state.notices).toEqual([]);
  } finally {
    await first.close();
    await second.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('[M2] removed and added again while away: no alarm, and what is due is read', async () => {
  const [ada, ben, cid] = (await Promise.all(['Ada', 'Ben', 'Cid'].map((name) => members.join(name)))) as [
    Engine,
    Engine,
    Engine,
  ];
  const room = await gather(ada, [ben, cid]);
  const away = await members.away(cid);
  await ada.rooms.removeMember(room, cid.id);
  await ada.messages.send(room, { body: 'without Cid' });
  await until(() => texts(ben, room).includes('without Cid'), 'Ben reads');
  await ada.rooms.addMembers(room, [cid.id]);
  await ada.messages.send(room, { body: 'with Cid again' });
  const back = await away.back();
  await until(() => texts(back, room).includes('with Cid again'), 'Cid reads', 30_000);
  expect(texts(back, room)).not.toContain('without Cid');
  expect(back.state.rooms.get(room)?.security.state).toBe('unverified');
  expect(back.state.notices).toEqual([]);
  await back.messages.send(room, { body: 'thank you' });
  await until(() => texts(ada, room).includes('thank you'), 'Cid is heard');
});

test('[E3] an answer in the very moment a new room appears is sent', async () => {
  const [ada, ...others] = (await Promise.all(['Ada', 'Ben', 'Cid'].map((name) => members.join(name)))) as [
    Engine,
    ...Engine[],
  ];
  for (const other of others) await until(() => ada.state.people.has(other.id), 'they are known');
  const room = await ada.rooms.createGroup({ name: 'New', members: others.map((other) => other.id) });
  await Promise.all(
    others.map(async (other) => {
      await until(() => other.state.rooms.has(room), 'the room is there');
      await other.messages.send(room, { body: `here is ${other.state.self.name}` });
    }),
  );
  await until(() => texts(ada, room).length === 2, 'both arrive');
  expect([...texts(ada, room)].sort()).toEqual(['here is Ben', 'here is Cid']);
});

test('[E3] what is typed faster than the server takes arrives in order all the same', async () => {
  const [alice, bob] = await Promise.all([members.join('Alice'), members.join('Bob')]);
  const room = await converse(alice, bob);
  const said = ['hello', 'hello back', ...Array.from({ length: 300 }, (_, i) => `fast ${i}`)];
  for (const body of said.slice(2)) await alice.messages.send(room, { body });
  await until(() => texts(bob, room).length >= said.length, 'everything arrived', 60_000);
  expect(texts(bob, room)).toEqual(said);
});

import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { expect, test } from '../support/fixtures.ts';
import { gatherMembers } from '../support/members.ts';

const NODE_MEMBERS = 48;

const bodies = (engine: Engine, room: RoomId) =>
  engine.timeline(room).state.items.flatMap((item) => (item.type === 'message' ? [item.body] : []));

/** What the log holds, as an engine sees it: without what still waits to be sent. */
const logged = (engine: Engine, room: RoomId) =>
  engine
    .timeline(room)
    .state.items.flatMap((item) => (item.type === 'message' && item.position !== null ? [item.body] : []));

/** Everything an engine reads, from the first line on. */
async function wholeStory(engine: Engine, room: RoomId): Promise<string> {
  const timeline = engine.timeline(room);
  while (timeline.state.hasOlder) await timeline.loadOlder();
  return bodies(engine, room).join('\n');
}

/** Waits until every engine reads exactly these lines, in this order and once each. */
async function allRead(engines: readonly Engine[], room: RoomId, lines: readonly string[]): Promise<void> {
  const expected = lines.join('\n');
  for (const engine of engines) {
    await expect.poll(() => wholeStory(engine, room), { timeout: 120_000 }).toBe(expected);
  }
}

test('two browsers and 48 Node members in one room', async ({ person, server, watch }) => {
  test.setTimeout(600_000);
  watch.allow(/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection/);
  const members = await gatherMembers(() => server.origin);
  try {
    const engines: Engine[] = [];
    for (let first = 1; first <= NODE_MEMBERS; first += 4) {
      const names = [0, 1, 2, 3].map((further) => `Member ${first + further}`);
      engines.push(...(await Promise.all(names.map((name) => members.join(name)))));
    }
    const alice = await person('Alice');
    const bob = await person('Bob');
    const [owner, removed, sleeper, ...others] = engines as [Engine, Engine, Engine, ...Engine[]];
    await expect.poll(() => owner.state.people.size, { timeout: 30_000 }).toBe(NODE_MEMBERS + 1);
    const accounts = [...owner.state.people.keys()];
    const room = await owner.rooms.createGroup({ name: 'Fifty', members: accounts });
    await expect
      .poll(() => engines.filter((engine) => engine.state.rooms.has(room)).length, { timeout: 180_000 })
      .toBe(NODE_MEMBERS);
    const lines: string[] = [];
    const say = async (engine: Engine, body: string) => {
      lines.push(body);
      await engine.messages.send(room, { body });
      await expect.poll(() => logged(owner, room), { timeout: 60_000, intervals: [50] }).toContain(body);
    };

    await test.step('everyone reads everyone', async () => {
      await say(owner, 'Welcome, all fifty.');
      await alice.openConversation('Fifty');
      await alice.reads('Welcome, all fifty.');
      await bob.openConversation('Fifty');
      await bob.reads('Welcome, all fifty.');
      for (const [index, engine] of engines.entries()) await say(engine, `line of member ${index + 1}`);
      await alice.send('line of Alice');
      lines.push('line of Alice');
      await expect.poll(() => bodies(owner, room), { timeout: 60_000 }).toContain('line of Alice');
      await bob.send('line of Bob');
      lines.push('line of Bob');
      await allRead(engines, room, lines);
      await alice.reads('line of Bob');
      await bob.reads('line of Alice');
    });

    const asleep = await members.away(sleeper);

    await test.step('[attack 22] who is removed reads nothing sent after', async () => {
      await owner.rooms.removeMember(room, removed.id);
      await expect.poll(() => removed.state.rooms.get(room)?.standing, { timeout: 60_000 }).toBe('removed');
      await say(owner, 'not for the one who was removed');
      await allRead([owner, ...others], room, lines);
      await alice.reads('not for the one who was removed');
      expect(bodies(removed, room)).not.toContain('not for the one who was removed');
    });

    await test.step('[D2, D3] a server restart mid-conversation loses and doubles nothing', async () => {
      for (let index = 1; index <= 10; index += 1) {
        const body = `through the restart ${index}`;
        lines.push(body);
        await owner.messages.send(room, { body });
        if (index === 5) await server.kill9();
      }
      await server.restart();
      await allRead([owner, ...others], room, lines);
      await alice.reads('through the restart 10');
      await expect(alice.message('through the restart 7')).toHaveCount(1);
    });

    await test.step('a member who was offline catches up completely', async () => {
      const awake = await asleep.back();
      await allRead([awake], room, lines);
    });

    await test.step('a reload loses nothing', async () => {
      await bob.page.reload();
      await bob.openConversation('Fifty');
      await bob.reads('through the restart 10');
      await bob.send('still here');
      lines.push('still here');
      await allRead([owner, ...others], room, lines);
      await alice.reads('still here');
      expect(bodies(removed, room)).not.toContain('still here');
    });
  } finally {
    await members.end();
  }
});

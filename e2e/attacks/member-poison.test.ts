import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Engine } from '@sotto/client';
import { randomBytes } from '@sotto/crypto';
import { PATHS, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquaintedSotto } from '../support/acquainted.ts';
import { gatherHostile, type Stage, setStage } from './support/stage.ts';
import { converse, deliveryOf, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  // What the server logs of each poisoned record is a page.
  stage = await setStage({}, { logLevel: 'silent' });
});
afterEach(() => stage.end());

/** The server's database fails at whatever goes into this room's log: any poison there may be. */
function poison(room: RoomId): { cure(): void } {
  const inDatabase = (sql: string) => {
    const db = new DatabaseSync(join(stage.data, 'sotto.sqlite'));
    db.exec(sql);
    db.close();
  };
  inDatabase(`CREATE TRIGGER poison BEFORE INSERT ON log WHEN new.room = '${room}'
    BEGIN SELECT raise(ABORT, 'poison'); END`);
  return { cure: () => inDatabase('DROP TRIGGER poison') };
}

const ownStates = (engine: Engine, room: RoomId) =>
  engine
    .timeline(room)
    .state.items.flatMap((item) =>
      item.type === 'message' && item.own ? [item.delivery?.state ?? '?'] : [],
    );

test('[attack 40, E3] a guest’s poison in the commits of others: nothing of theirs is lost, and his own waits', async () => {
  const [alice, bob, mallory] = [
    await stage.person('Alice'),
    await stage.person('Bob'),
    await stage.person('Mallory'),
  ];
  const room = await converse(alice, bob);
  const broken = await mallory.rooms.createGroup({ name: 'Broken', members: [] });
  const poisoned = poison(broken);
  const failed: string[] = [];
  const watch = alice.subscribe(() =>
    failed.push(...ownStates(alice, room).filter((state) => state === 'failed')),
  );
  const said = Array.from({ length: 60 }, (_, i) => `message ${i}`);
  await Promise.all(
    said.map(async (body) => {
      await Promise.all([mallory.messages.send(broken, { body }), alice.messages.send(room, { body })]);
    }),
  );
  await until(() => texts(bob, room).includes(said.at(-1) ?? ''), 'Bob reads the last', 30_000);
  expect(
    texts(bob, room)
      .filter((body) => body.startsWith('message'))
      .sort(),
  ).toEqual(said.toSorted());
  watch();
  expect(failed).toEqual([]);
  // The server's trouble is not the message's: it waits, and goes out once the server can.
  await until(() => ownStates(mallory, broken).length === said.length, 'his own are shown');
  expect(new Set(ownStates(mallory, broken))).toEqual(new Set(['waiting']));
  poisoned.cure();
  await until(
    () => deliveryOf(mallory, broken, said.at(-1) ?? '') === 'sent',
    'his own go out by themselves',
    60_000,
  );
  expect(texts(mallory, broken).sort()).toEqual(said.toSorted());
});

test('[attack 40, 27] a header whose name does not open in one room: whoever comes back reads the others all the same', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  let other = room;
  // Wraps wait in the order of their rooms: the poisoned one first.
  for (let i = 0; other <= room; i++)
    other = await alice.rooms.createGroup({ name: `Other ${i}`, members: [bob.id] });
  await alice.messages.send(other, { body: 'before' });
  await until(() => texts(bob, other).includes('before'), 'Bob reads');
  const folder = stage.folderOf(bob);
  await bob.close();

  const { body } = await mallory.forge(room, () => ({ sealed: randomBytes(272) }));
  expect((await mallory.call('POST', PATHS.epochs(room), body)).status).toBe(201);
  await until(() => alice.state.rooms.get(room)?.epoch === 2, 'Alice follows');
  await alice.rooms.rename(other, { name: 'Renamed' });
  await alice.messages.send(other, { body: 'while you were away' });
  await until(() => deliveryOf(alice, other, 'while you were away') === 'sent', 'it is sent');
  await alice.close(); // nobody is there whom he could ask for a key (R6)

  const back = await acquaintedSotto({ server: stage.server.origin, directory: folder }).resume(bob.id);
  try {
    await until(() => texts(back, other).includes('while you were away'), 'Bob reads what came', 30_000);
    expect(back.state.rooms.get(other)?.title).toBe('Renamed');
    expect(back.state.rooms.get(room)?.title).toBe('Group');
    expect(back.state.rooms.get(room)?.epoch).toBeGreaterThanOrEqual(2); // the next one is soon made
  } finally {
    await back.close();
  }
});

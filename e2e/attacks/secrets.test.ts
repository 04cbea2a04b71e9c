import type { Engine } from '@sotto/client';
import { randomBytes } from '@sotto/crypto';
import { PATHS, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SecretRow } from '../../packages/client/src/engine/rows.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';
import { sealPart } from '../../packages/crypto/src/epoch/secret.ts';
import { RawMember } from './support/member.ts';
import { noticed, refusedRules, type Scene, setScene, texts, until } from './support/story.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.end());

/** Everything older, up to where nothing more comes. */
async function readBack(engine: Engine, room: RoomId): Promise<void> {
  const timeline = engine.timeline(room);
  await until(() => timeline.state.items.length > 0, 'something is there');
  for (let turns = 0; timeline.state.hasOlder && turns < 50; turns++) await timeline.loadOlder();
}

test('[attack 26] [R2] a link to another secret than the header before commits to is refused, told, and opens nothing', async () => {
  const [alice, nina] = [await scene.person('Alice'), await scene.person('Nina')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  for (const { id: account } of [nina, mallory])
    await until(() => alice.state.people.has(account), 'she sees them');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [mallory.account] });
  await alice.rooms.setPolicy(room, { add: 'member', history: 'all', profile: 'admin' });
  await alice.messages.send(room, { body: 'before Nina' });
  const lists = (await mallory.keysOf([nina.id])).get(nina.id)?.list;
  if (!lists) throw new Error('Nina has a list');
  const forged = await mallory.forge(room, async ({ members, epoch }, secret) => ({
    members: [
      ...members,
      {
        account: nina.id,
        identity: lists.list.identity,
        role: 'member',
        list: lists.list.version,
        listHash: lists.hash,
      },
    ],
    link: await sealPart(secret, 'link', { room, epoch }, randomBytes(32)),
  }));
  expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
  await alice.messages.send(room, { body: 'welcome, Nina' });
  await until(() => texts(nina, room).includes('welcome, Nina'), 'Nina reads her own time');
  await until(() => noticed(nina).some((detail) => detail.startsWith('R2')), 'the link is refused');
  await readBack(nina, room);
  expect(texts(nina, room)).toEqual(['welcome, Nina']);
  // What it seals stays closed; nothing was tried with a key that is not the one of that time.
  expect(refusedRules(nina, room)).toEqual([]);
  expect(nina.timeline(room).state.items.some(({ type }) => type === 'unreadable')).toBe(true);
});

test('[R2] [R6] a secret that is damaged on the disk is never used: it is told, and asked for anew', async () => {
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  for (const [one, other] of [[alice, bob]] as const)
    await until(() => one.state.people.has(other.id), 'she sees him');
  const room = await alice.rooms.createGroup({ name: 'Group', members: [bob.id] });
  await alice.messages.send(room, { body: 'hello' });
  await until(() => texts(bob, room).includes('hello'), 'Bob reads');
  await scene.away(bob);
  await alice.messages.send(room, { body: 'while you were away' });
  await damageSecrets(scene.folderOf(bob), bob.id, room);
  const again = await scene.back(bob);
  await until(() => texts(again, room).includes('while you were away'), 'he got it anew, and reads');
  expect(refusedRules(again, room)).toEqual([]);
  expect(noticed(again).filter((detail) => detail.startsWith('R2'))).toHaveLength(1);
  await again.messages.send(room, { body: 'here I am' });
  await until(() => texts(alice, room).includes('here I am'), 'he writes under the right one');
});

async function damageSecrets(directory: string, account: string, room: RoomId): Promise<void> {
  const storage = await fileHost(directory).open(account);
  try {
    await storage.transaction(['secrets'], 'write', async (tx) => {
      for (const row of await tx.range<SecretRow>('secrets', { prefix: [room] }))
        await tx.put<SecretRow>('secrets', [room, row.header], { ...row, secret: randomBytes(32) });
    });
  } finally {
    await storage.close();
  }
}

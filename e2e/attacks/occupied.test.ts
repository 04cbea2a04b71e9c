import { directRoomId } from '@sotto/crypto';
import { type AccountId, PATHS } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { firstHeader, memberOf, pinned } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { oneScene } from './support/one-scene.ts';
import { registerPuppet } from './support/puppet.ts';
import { converse, noticed, until } from './support/story.ts';

const scene = await oneScene();

test('[attack 44] [R1] nobody makes a room under the id of a conversation between two others', async () => {
  const [ann, ben] = [await scene.person('Ann'), await scene.person('Ben')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  const room = await directRoomId(ann.id, ben.id);
  const casts: AccountId[][] = [
    [mallory.account],
    [mallory.account, ann.id],
    [mallory.account, ann.id, ben.id],
  ];
  for (const cast of casts) {
    const entry = await firstHeader(room, mallory, await pinned(mallory, cast));
    const made = await mallory.call('POST', PATHS.epochs(room), { header: entry.body, wraps: [] });
    expect(made).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
  }
  expect(await converse(ann, ben)).toBe(room);
});

test('[attack 44] [R1] a server that shows such a room is found out, and the two still begin their conversation', async () => {
  const { liar } = scene;
  const [cat, dan] = [await scene.person('Cat'), await scene.person('Dan')];
  const puppet = await registerPuppet(scene.server.origin, 'Trudy');
  const room = await directRoomId(cat.id, dan.id);
  const hand = await RawMember.register(scene.server.origin, 'Hand');
  const [own] = await pinned(hand, [dan.id]);
  if (!own) throw new Error('Dan has no list');
  const entry = await firstHeader(room, puppet, [{ ...memberOf(puppet), role: 'admin' }, own]);
  liar.instead = ({ path }) => {
    if (path.startsWith(PATHS.headers(room))) {
      const headers = path.endsWith('after=0') ? [{ position: 1, time: entry.time, header: entry.body }] : [];
      return { status: 200, json: { headers, more: false } };
    }
    if (!path.startsWith(PATHS.log(room))) return undefined;
    return { status: 200, json: { entries: [entry], chain: entry.body, head: 1 } };
  };
  liar.say({ t: 'room', room: { room, head: 1, epoch: 1, until: null, pending: false, chain: null } });
  await until(() => noticed(dan).some((text) => text.includes('direct conversation')), 'Dan is told');
  expect(dan.state.rooms.has(room)).toBe(false);
  liar.behave();
  expect(await converse(cat, dan)).toBe(room);
});

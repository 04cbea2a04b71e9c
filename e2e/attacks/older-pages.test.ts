import type { Engine } from '@sotto/client';
import { createLeave, randomId, sealMessage } from '@sotto/crypto';
import { type Bytes, fromBase64Url, type MessageId, type RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RawMember } from './support/member.ts';
import { gatherHostile, type Injected, type Stage, setStage } from './support/stage.ts';
import { refusedRules, texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

type Sealing = Parameters<RawMember['seal']>[2];

/** What the colluding server puts into the log: right in everything but one thing. */
async function lies(
  mallory: RawMember,
  eve: RawMember,
  room: RoomId,
): Promise<readonly [string, Injected][]> {
  const { account, device } = mallory;
  const sealed = async (body: string, change: Sealing = {}): Promise<Injected> => {
    const frame = await mallory.seal(room, { kind: 'text', body }, change);
    return { kind: 'message', account, device, id: frame.id, body: fromBase64Url(frame.body) as Bytes };
  };
  const { header, secret, seen } = await mallory.read(room);
  if (!secret) throw new Error('Mallory is a member and has the secret');
  const { epoch } = header.header;
  const stranger = { kind: 'log', room, epoch, account: eve.account, device: eve.device } as const;
  const id = randomId<MessageId>();
  const strange = await sealMessage(
    { ...stranger, id, counter: 1, list: 1, seen },
    { kind: 'text', body: 'of a stranger' },
    { secret, signing: eve.signing },
  );
  const leave = await createLeave({ account, device, at: Date.now(), header, signing: mallory.signing });
  const others = await createLeave({
    ...{ account: header.header.author.account, device: header.header.author.device },
    ...{ at: Date.now(), header, signing: mallory.signing },
  });
  return [
    ['a stranger', { kind: 'message', account: eve.account, device: eve.device, id, body: strange }],
    ['a stranger’s name', { ...(await sealed('as a stranger')), account: eve.account, device: eve.device }],
    ['another epoch', await sealed('of another epoch', { epoch: epoch + 1 })],
    ['another list', await sealed('of another list', { list: 2 })],
    ['a swapped id', { ...(await sealed('under another id')), id: randomId<MessageId>() }],
    [
      'a leave of nobody here',
      { kind: 'leave', account: eve.account, device, id: leave.id, body: leave.signed },
    ],
    [
      'a leave signed by another',
      {
        ...{ kind: 'leave', account: header.header.author.account, device: header.header.author.device },
        ...{ id: others.id, body: others.signed },
      },
    ],
    [
      'a leave under another id',
      { kind: 'leave', account, device, id: randomId<MessageId>(), body: leave.signed },
    ],
    [
      'a leave under another device',
      { kind: 'leave', account, device: eve.device, id: leave.id, body: leave.signed },
    ],
  ];
}

async function readToTheBeginning(engine: Engine, room: RoomId): Promise<void> {
  const timeline = engine.timeline(room);
  for (let turns = 0; timeline.state.hasOlder && turns < 20; turns += 1) await timeline.loadOlder();
  expect(timeline.state.hasOlder).toBe(false);
}

test('[attack 5] [attack 24] [attack 27] who reads older pages refuses what those who were there refused', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const eve = await stage.hostile('Eve');
  bob.timeline(room);
  await alice.rooms.setPolicy(room, { add: 'admin', history: 'all', profile: 'admin' });
  await until(() => bob.state.rooms.get(room)?.policy.history === 'all', 'the past is open');
  const made = await lies(mallory, eve, room);
  for (const [, entry] of made) await stage.inject(room, entry);
  await alice.messages.send(room, { body: 'after the lies' });
  await until(() => texts(bob, room).includes('after the lies'), 'Bob reads on');
  const live = refusedRules(bob, room);
  expect(live, 'each lie is refused by who is there').toHaveLength(made.length);

  const carol = await stage.person('Carol');
  await until(() => alice.state.people.has(carol.id), 'Alice sees Carol');
  await alice.rooms.addMembers(room, [carol.id]);
  await alice.messages.send(room, { body: 'welcome, Carol' });
  await until(() => texts(carol, room).includes('welcome, Carol'), 'Carol is in');
  await readToTheBeginning(carol, room);
  await until(() => texts(carol, room).includes('after the lies'), 'Carol reads of the past');
  expect(refusedRules(carol, room)).toEqual(live);
  expect(texts(carol, room).filter((text) => / (stranger|epoch|list|id)$/.test(text))).toEqual([]);
  const told = carol
    .timeline(room)
    .state.items.flatMap((item) => (item.type === 'system' ? [item.event.type] : []));
  for (const never of ['leaving', 'left']) expect(told).not.toContain(never);
  expect(carol.state.rooms.get(room)?.members).toHaveLength(4);
});

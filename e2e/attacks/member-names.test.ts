import { newProfile, profileHash, randomBytes, randomId } from '@sotto/crypto';
import { type EpochHeader, type MessageId, PATHS } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherHostile, type Stage, setStage, stillTalk, viewOf } from './support/stage.ts';
import { refusedRules, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

test('[attack 30, R3] a plain member renames the group: refused by the server and by every client, unless the policy lets them', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  await expect(bob.rooms.rename(room, { name: 'Bob’s' })).rejects.toMatchObject({ code: 'forbidden' });
  const profile = await profileHash(newProfile({ name: 'Mallory’s', topic: '' }));
  const forged = await mallory.forge(room, () => ({ profile, sealed: randomBytes(272) }));
  const refused = await mallory.call('POST', PATHS.epochs(room), forged.body);
  expect(refused).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
  const { account, device } = mallory;
  const body = forged.header.signed;
  await stage.inject(room, { kind: 'epoch', account, device, id: randomId<MessageId>(), body });
  await stillTalk({ alice, bob, room }, 'same name');
  for (const person of [alice, bob]) {
    expect(viewOf(person, room).title).toBe('Group');
    expect(refusedRules(person, room)).toEqual(['R3']);
  }
  await alice.rooms.setPolicy(room, { add: 'member', history: 'joined', profile: 'member' });
  await until(() => bob.state.rooms.get(room)?.policy.profile === 'member', 'Bob may');
  await bob.rooms.rename(room, { name: 'Ours' });
  await until(() => alice.state.rooms.get(room)?.title === 'Ours', 'it is called so');
});

test.each<[string, Partial<EpochHeader>, boolean]>([
  ['seals something else than the name', { sealed: randomBytes(272) }, true],
  ['leaves the name out', { sealed: null }, false],
])('[attack 27, R1] who %s changes it for nobody, newcomers included', async (_, change, told) => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const forged = await mallory.forge(room, () => change);
  expect((await mallory.call('POST', PATHS.epochs(room), forged.body)).status).toBe(201);
  // Whoever knows the name says it again.
  await until(() => (alice.state.rooms.get(room)?.epoch ?? 0) === 3, 'there is an epoch with the name');
  await stillTalk({ alice, bob, room }, 'same name');
  const carol = await stage.person('Carol');
  await until(() => alice.state.people.has(carol.id), 'Alice sees Carol');
  await alice.rooms.addMembers(room, [carol.id]);
  await until(() => carol.state.rooms.get(room)?.title === 'Group', 'Carol reads the name');
  for (const person of [alice, bob]) {
    expect(viewOf(person, room)).toMatchObject({ epoch: 4, title: 'Group' });
    expect(person.state.notices.some((notice) => notice.account === mallory.account)).toBe(told);
  }
});

test('[R7] who comes by a link from before a new name neither brings the old one back nor keeps it', async () => {
  const { alice, bob, room } = await gatherHostile(stage);
  const link = await alice.rooms.createInvite(room, Date.now() + 3_600_000);
  await alice.rooms.rename(room, { name: 'Renamed', topic: 'and more' });
  await until(() => bob.state.rooms.get(room)?.title === 'Renamed', 'it has another name');
  const carol = await stage.person('Carol');
  const shown = await carol.rooms.previewInvite(link);
  expect(shown).toMatchObject({ name: 'Group', current: false });
  await carol.rooms.join(link, shown);
  await until(() => carol.state.rooms.get(room)?.title === 'Renamed', 'Carol reads the new name');
  expect(carol.state.rooms.get(room)?.topic).toBe('and more');
  for (const person of [alice, bob]) {
    expect(viewOf(person, room).title).toBe('Renamed');
    expect(person.state.notices).toEqual([]);
  }
  const dave = await stage.person('Dave');
  expect(
    await dave.rooms.previewInvite(await alice.rooms.createInvite(room, Date.now() + 3_600_000)),
  ).toMatchObject({
    name: 'Renamed',
    current: true,
  });
});

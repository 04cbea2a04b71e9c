import type { Engine } from '@sotto/client';
import {
  createInvite,
  createLeave,
  inviteFragment,
  inviteKey,
  newProfile,
  parseInviteFragment,
  randomBytes,
  randomId,
  sign,
  signBytes,
} from '@sotto/crypto';
import {
  admissionInput,
  type Bytes,
  type EpochHeader,
  EpochHeaderCodec,
  type MessageId,
  PATHS,
  type RoomId,
  signingInput,
  toBase64Url,
} from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import { RawMember } from './support/member.ts';
import { gatherHostile, type Stage, setStage, stillTalk, viewOf } from './support/stage.ts';
import { refusedRules, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const HOUR = 3_600_000;

/** Mallory opens a link by hand, which nobody else was ever told. */
async function ownLink(mallory: RawMember, room: RoomId): Promise<Bytes> {
  const profile = newProfile({ name: 'Group', topic: '' });
  const { secret, invite } = await createInvite({ room, profile, expires: Date.now() + HOUR });
  const { body } = await mallory.forge(room, (header) => ({ invites: [...header.invites, invite] }));
  expect((await mallory.call('POST', PATHS.epochs(room), body)).status).toBe(201);
  return secret;
}

const isOpen = async (mallory: RawMember, room: RoomId, secret: Bytes) =>
  (await mallory.call('GET', PATHS.invite(room, toBase64Url((await inviteKey(secret)).publicKey)))).status ===
  200;

/** An arrival by hand on top of the newest header that Mallory can read, whether the invite stands there or not. */
async function arrival(mallory: RawMember, room: RoomId, secret: Bytes): Promise<Bytes> {
  const { header: before } = await mallory.read(room);
  const own = (await mallory.keysOf([mallory.account])).get(mallory.account)?.list;
  if (!own) throw new Error('Mallory has no list');
  const { account, device } = mallory;
  const { identity, version } = own.list;
  const key = await inviteKey(secret);
  const input = admissionInput({ room, account, device, identity, previous: before.hash });
  const header: EpochHeader = {
    ...before.header,
    epoch: before.header.epoch + 1,
    previous: before.hash,
    author: { account, device },
    at: Date.now(),
    members: [
      ...before.header.members,
      { account, identity, role: 'member', list: version, listHash: own.hash },
    ],
    admission: { invite: key.publicKey, signature: await signBytes(key, signingInput('admission', input)) },
    leaves: [],
    commitment: randomBytes(32),
    link: null,
  };
  return sign('epochHeader', EpochHeaderCodec.encode(header), mallory.signing);
}

const ended = (engine: Engine, room: RoomId) =>
  engine
    .timeline(room)
    .state.items.flatMap((item) =>
      item.type === 'system' && item.event.type === 'invites' ? [item.event.ended] : [],
    );

test('[attack 45, R7] who is removed comes back by no link that stood, her own included, and all are told that they ended', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const shared = parseInviteFragment(await bob.rooms.createInvite(room, Date.now() + HOUR)).secret;
  const own = await ownLink(mallory, room);
  await until(
    () => alice.state.rooms.get(room)?.invites.length === 2,
    'Alice knows of both before she removes',
  );
  const { header: before } = await mallory.read(room);
  await alice.rooms.removeMember(room, mallory.account);
  for (const person of [alice, bob]) {
    await until(() => person.state.rooms.get(room)?.invites.length === 0, 'no invite stands');
    await until(() => ended(person, room).includes(2), 'the conversation says so');
  }
  const friend = await RawMember.register(stage.server.origin, 'Friend');
  for (const secret of [shared, own]) {
    expect(await isOpen(friend, room, secret)).toBe(false);
    const signed = await arrival(mallory, room, secret);
    const body = { header: toBase64Url(signed), wraps: [] };
    const refused = await mallory.call('POST', PATHS.epochs(room), body);
    expect(refused).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
    // A server that takes it all the same convinces nobody.
    const { account, device } = mallory;
    await stage.inject(room, { kind: 'epoch', account, device, id: randomId<MessageId>(), body: signed });
  }
  expect(before.header.invites).toHaveLength(2);
  await stillTalk({ alice, bob, room }, 'without her');
  for (const person of [alice, bob]) {
    expect(viewOf(person, room).members).toHaveLength(2);
    expect(refusedRules(person, room)).toEqual(['R7', 'R7']);
  }
  // Those who may, open a new link, and it works.
  const carol = await stage.person('Carol');
  await joins(carol, await alice.rooms.createInvite(room, Date.now() + HOUR));
  await until(() => viewOf(bob, room).members?.length === 3, 'Carol is in');
});

test('[attack 45, R7] an admin’s changed program that removes and leaves a link standing is refused everywhere', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  await alice.rooms.createInvite(room, Date.now() + HOUR);
  await alice.rooms.setRole(room, mallory.account, 'admin');
  await until(() => viewOf(bob, room).epoch === 3, 'Mallory is an admin');
  const forged = await mallory.forge(room, (header) => ({
    members: header.members.filter((member) => member.account !== bob.id),
  }));
  const refused = await mallory.call('POST', PATHS.epochs(room), forged.body);
  expect(refused).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
  expect(refused.json.message).toContain('R7');
  const { account, device } = mallory;
  const body = forged.header.signed;
  await stage.inject(room, { kind: 'epoch', account, device, id: randomId<MessageId>(), body });
  await stillTalk({ alice, bob, room }, 'all here');
  for (const person of [alice, bob]) expect(refusedRules(person, room)).toEqual(['R7']);
});

test('[attack 45, R7] leaving a moment before the removal does not keep the links', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const own = await ownLink(mallory, room);
  await until(() => alice.state.rooms.get(room)?.invites.length === 1, 'the link stands');
  const { header } = await mallory.read(room);
  const { account, device, signing } = mallory;
  const leave = await createLeave({ account, device, at: Date.now(), header, signing });
  const left = mallory.call('POST', PATHS.leave(room), { leave: toBase64Url(leave.signed) });
  await alice.rooms.removeMember(room, account);
  expect((await left).status).toBe(200);
  await until(() => viewOf(bob, room).members?.length === 2, 'she is out');
  await until(() => bob.state.rooms.get(room)?.invites.length === 0, 'and no link stands');
  expect(await isOpen(mallory, room, own)).toBe(false);
  await expect(bob.rooms.previewInvite(inviteFragment(room, own))).rejects.toMatchObject({
    code: 'not_found',
  });
});

import type { Engine } from '@sotto/client';
import {
  createEpoch,
  createInvite,
  inviteFragment,
  inviteKey,
  newProfile,
  parseInviteFragment,
  randomBytes,
  sha256,
  type VerifiedHeader,
} from '@sotto/crypto';
import {
  type Bytes,
  EpochHeaderCodec,
  fromBase64Url,
  PATHS,
  type RoomId,
  splitSigned,
  toBase64Url,
} from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import type { RawMember } from './support/member.ts';
import { type Stage, setStage, viewOf } from './support/stage.ts';
import { texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

async function roomOf(alice: Engine, bob: Engine): Promise<RoomId> {
  await until(() => alice.state.people.has(bob.id), 'Alice sees Bob');
  const room = await alice.rooms.createGroup({ name: 'Club', members: [bob.id] });
  await alice.messages.send(room, { body: 'members only' });
  await until(() => texts(bob, room).includes('members only'), 'Bob reads');
  return room;
}

/** The newest header, as an invite's holder is shown it. */
async function shown(mallory: RawMember, room: RoomId, secret: Bytes): Promise<VerifiedHeader | undefined> {
  const { publicKey } = await inviteKey(secret);
  const { status, json } = await mallory.call('GET', PATHS.invite(room, toBase64Url(publicKey)));
  if (status !== 200) return undefined;
  const signed = fromBase64Url(json.headers.at(-1).header) as Bytes;
  return {
    header: EpochHeaderCodec.decode(splitSigned(signed).payload),
    hash: await sha256(signed),
    signed,
    events: [],
  };
}

/** Comes in by hand, without looking at whether it may: `at` and the invite's secret are hers to choose. */
async function breakIn(mallory: RawMember, previous: VerifiedHeader, secret: Bytes, at: number) {
  const { header } = previous;
  const accounts = [...header.members.map((m) => m.account), mallory.account];
  const keys = await mallory.keysOf(accounts);
  const own = keys.get(mallory.account)?.list;
  if (!own) throw new Error('Mallory has no list');
  const { identity, version } = own.list;
  const arriving = {
    account: mallory.account,
    identity,
    role: 'member' as const,
    list: version,
    listHash: own.hash,
  };
  const made = await createEpoch(
    {
      room: header.room,
      author: { account: mallory.account, device: mallory.device },
      at,
      members: [...header.members, arriving],
      policy: header.policy,
      invites: header.invites,
      leaves: [],
      seen: header.seen,
      profile: newProfile({ name: 'Club', topic: '' }),
      inviteSecret: secret,
    },
    {
      previous,
      previousSecret: null,
      signing: mallory.signing,
      recipients: [...keys.values()].flatMap((entry) => entry.keys),
      lists: async (account) => keys.get(account)?.list,
      departed: new Set(),
    },
  );
  const body = { header: toBase64Url(made.header.signed), wraps: made.wraps };
  return mallory.call('POST', PATHS.epochs(header.room), body);
}

test('[attack 38] a guessed invite leads nowhere, and guessing is slow', async () => {
  const [alice, bob] = [await stage.person('Alice'), await stage.person('Bob')];
  const room = await roomOf(alice, bob);
  const carol = await stage.person('Carol');
  for (const fragment of [inviteFragment(room, randomBytes(32)), inviteFragment(room, randomBytes(32))]) {
    await expect(carol.rooms.previewInvite(fragment)).rejects.toMatchObject({ code: 'not_found' });
    await expect(joins(carol, fragment)).rejects.toMatchObject({ code: 'not_found' });
  }
  await expect(joins(carol, 'nonsense')).rejects.toThrow(/invite/);
  let answers = 0;
  for (; answers < 300; answers++) {
    const key = toBase64Url(
      (await createInvite({ room, profile: newProfile({ name: '', topic: '' }), expires: 1 })).invite.key,
    );
    const { status } = await fetch(`${stage.server.origin}${PATHS.invite(room, key)}`);
    if (status === 429) break;
    expect(status).toBe(404);
  }
  expect(answers).toBeLessThan(300);
  expect(viewOf(alice, room)).toMatchObject({ epoch: 1 });
});

test('[attack 38, R7] an expired invite is refused, also to who backdates the arrival', async () => {
  const [alice, bob, mallory] = [
    await stage.person('Alice'),
    await stage.person('Bob'),
    await stage.hostile('Mallory'),
  ];
  const room = await roomOf(alice, bob);
  const expires = Date.now() + 1_500;
  const fragment = await alice.rooms.createInvite(room, expires);
  const { secret } = parseInviteFragment(fragment);
  const previous = await shown(mallory, room, secret);
  if (!previous) throw new Error('the invite is not open');
  await until(() => Date.now() > expires + 50, 'it has expired');
  const carol = await stage.person('Carol');
  await expect(joins(carol, fragment)).rejects.toMatchObject({ code: 'not_found' });
  expect(await shown(mallory, room, secret)).toBeUndefined();
  const answer = await breakIn(mallory, previous, secret, expires - 1_000);
  expect(answer).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
  expect(answer.json.message).toMatch(/expired/);
  expect(viewOf(alice, room).members).toHaveLength(2);
  expect((await mallory.call('GET', `${PATHS.log(room)}?after=0`)).json.code).toBe('not_member');
});

test('[attack 38, R7] a revoked invite is refused with its reason, under the new header and the old', async () => {
  const [alice, bob, mallory] = [
    await stage.person('Alice'),
    await stage.person('Bob'),
    await stage.hostile('Mallory'),
  ];
  const room = await roomOf(alice, bob);
  const fragment = await alice.rooms.createInvite(room, Date.now() + 3_600_000);
  const { secret } = parseInviteFragment(fragment);
  const before = await shown(mallory, room, secret);
  if (!before) throw new Error('the invite is not open');
  await alice.rooms.revokeInvites(room);
  await until(() => bob.state.rooms.get(room)?.epoch === 3, 'it is revoked');
  const carol = await stage.person('Carol');
  await expect(joins(carol, fragment)).rejects.toMatchObject({ code: 'not_found' });
  expect(await shown(mallory, room, secret)).toBeUndefined();
  expect((await breakIn(mallory, before, secret, Date.now())).json.code).toBe('rule_broken');
  for (const person of [alice, bob]) expect(viewOf(person, room).members).toHaveLength(2);
  // An invite that stands lets exactly its bearer in, and nobody is surprised: it is told.
  const open = await alice.rooms.createInvite(room, Date.now() + 3_600_000);
  await joins(carol, open);
  await until(() => viewOf(bob, room).members?.length === 3, 'Carol is in');
  const joined = bob
    .timeline(room)
    .state.items.some((item) => item.type === 'system' && item.event.type === 'joined');
  expect(joined).toBe(true);
});

import {
  chainGenesis,
  createEpoch,
  createInvite,
  groupRoomId,
  inviteFragment,
  newProfile,
  type RoomProfile,
} from '@sotto/crypto';
import { type AccountId, type HeaderInvite, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import { RawMember } from './support/member.ts';
import { oneScene } from './support/one-scene.ts';
import { gather, texts, until } from './support/story.ts';

const scene = await oneScene();

interface Founded {
  readonly room: RoomId;
  readonly profile: RoomProfile;
  readonly invites: readonly HeaderInvite[];
}

/** A first header of a group that Mallory founds, with whomever: id, name and invites are all alike. */
async function firstOf(
  { room, profile, invites }: Founded,
  mallory: RawMember,
  others: readonly AccountId[],
) {
  const keys = await mallory.keysOf([mallory.account, ...others]);
  return createEpoch(
    {
      room,
      author: { account: mallory.account, device: mallory.device },
      at: Date.now(),
      members: [...keys].map(([account, { list }]) => ({
        account,
        identity: list.list.identity,
        role: account === mallory.account ? 'admin' : 'member',
        list: list.list.version,
        listHash: list.hash,
      })),
      policy: { add: 'member', history: 'joined', profile: 'admin' },
      invites,
      leaves: [],
      seen: { position: 0, chain: await chainGenesis(room) },
      profile,
    },
    {
      previous: null,
      previousSecret: null,
      signing: mallory.signing,
      recipients: [...keys.values()].flatMap((entry) => entry.keys),
      lists: async (account) => keys.get(account)?.list,
      departed: new Set(),
    },
  );
}

test('[attack 39] [R7] the group that was shown is the one joined: another under its link is refused', async () => {
  const { liar } = scene;
  const [alice, bob] = [await scene.person('Alice'), await scene.person('Bob')];
  const mallory = await RawMember.register(scene.server.origin, 'Mallory');
  const profile = newProfile({ name: 'Club', topic: '' });
  const room = await groupRoomId(mallory.account, profile);
  const { secret, invite } = await createInvite({ room, profile, expires: Date.now() + 3_600_000 });
  const club = { room, profile, invites: [invite] };
  const fragment = inviteFragment(room, secret);
  const { header, wraps } = await firstOf(club, mallory, [alice.id]);
  const body = { header: toBase64Url(header.signed), wraps };
  expect((await mallory.call('POST', PATHS.epochs(room), body)).status).toBe(201);
  await until(() => alice.state.rooms.has(room), 'Alice is in');
  const carol = await scene.person('Carol');
  const shown = await carol.rooms.previewInvite(fragment);
  expect(shown).toMatchObject({ name: 'Club', members: [{ name: 'Mallory' }, { name: 'Alice' }] });

  const posted: string[] = [];
  liar.asked = ({ method, path }) => void (method === 'POST' && posted.push(path));
  // Its founder, together with the server, can make another of it; nobody else could (attack 46).
  for (const others of [[], [alice.id, bob.id]]) {
    const another = (await firstOf(club, mallory, others)).header;
    const headers = [{ position: 1, time: Date.now(), header: toBase64Url(another.signed) }];
    liar.answer = ({ path }) => (path.includes('/invites/') ? { headers } : undefined);
    await expect(carol.rooms.join(fragment, shown)).rejects.toMatchObject({ code: 'not_current' });
  }
  expect(posted).not.toContain(PATHS.epochs(room));
  liar.behave();
  await carol.rooms.join(fragment, shown);
  await until(() => (alice.state.rooms.get(room)?.members.length ?? 0) === 3, 'Carol is in');
});

test('[attack 39] [R7] who else came in by the link is no obstacle; where somebody who was shown is gone, it is said', async () => {
  const [ann, ben] = [await scene.person('Ann'), await scene.person('Ben')];
  const room = await gather(ann, [ben], 'Choir');
  const fragment = await ann.rooms.createInvite(room, Date.now() + 3_600_000);
  const [cleo, dan, eve] = [await scene.person('Cleo'), await scene.person('Dan'), await scene.person('Eve')];
  const [seenByDan, seenByEve] = [
    await dan.rooms.previewInvite(fragment),
    await eve.rooms.previewInvite(fragment),
  ];
  await joins(cleo, fragment);
  await dan.rooms.join(fragment, seenByDan);
  await dan.messages.send(room, { body: 'here I am' });
  await until(() => texts(ann, room).includes('here I am'), 'Dan is in');
  await ben.rooms.leave(room);
  await until(() => (ann.state.rooms.get(room)?.members.length ?? 0) === 3, 'Ben is out');
  const outcome = await eve.rooms.join(fragment, seenByEve).then(
    () => 'joined',
    (error: { code: string }) => error.code,
  );
  // Where those who stay close the links that Ben could know, there is nothing to join any more.
  expect(['not_current', 'not_found']).toContain(outcome);
});

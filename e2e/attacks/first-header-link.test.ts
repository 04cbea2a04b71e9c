import {
  chainGenesis,
  createEpoch,
  createInvite,
  groupRoomId,
  inviteFragment,
  newProfile,
} from '@sotto/crypto';
import { PATHS, toBase64Url } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import { type Stage, setStage } from './support/stage.ts';
import { texts, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

test('[R7] who comes by a link of the very first header begins before it, and reads and writes', async () => {
  const maker = await stage.hostile('Maker'); // another client, which opens the link as it makes the group
  const profile = newProfile({ name: 'Early', topic: '' });
  const room = await groupRoomId(maker.account, profile);
  const { secret, invite } = await createInvite({ room, profile, expires: Date.now() + 3_600_000 });
  const keys = await maker.keysOf([maker.account]);
  const own = keys.get(maker.account);
  if (!own?.list) throw new Error('the maker has no list');
  const { list, hash } = own.list;
  const { account, device } = maker;
  const made = await createEpoch(
    {
      room,
      author: { account, device },
      at: Date.now(),
      members: [{ account, identity: list.identity, role: 'admin', list: list.version, listHash: hash }],
      policy: { add: 'member', history: 'joined', profile: 'admin' },
      invites: [invite],
      leaves: [],
      seen: { position: 0, chain: await chainGenesis(room) },
      profile,
    },
    {
      previous: null,
      previousSecret: null,
      signing: maker.signing,
      recipients: own.keys,
      lists: async (asked) => keys.get(asked)?.list,
      departed: new Set(),
    },
  );
  const body = { header: toBase64Url(made.header.signed), wraps: made.wraps };
  expect((await maker.call('POST', PATHS.epochs(room), body)).status).toBe(201);
  const carol = await stage.person('Carol');
  await joins(carol, inviteFragment(room, secret));
  await until(() => carol.state.rooms.get(room)?.title === 'Early', 'Carol sees the group');
  await carol.messages.send(room, { body: 'first' });
  await until(() => texts(carol, room).includes('first'), 'and writes');
  expect(carol.state.rooms.get(room)?.security.state).toBe('unverified');
});

import { createExchangeKey, randomBytes, sign } from '@sotto/crypto';
import { type AccountId, DeviceListCodec, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { homesOfEachTest } from '../support/homes.ts';
import { firstHeader, newestHeader, pinned } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { Operator } from './support/operator.ts';
import { makePuppet } from './support/puppet.ts';
import { gather } from './support/story.ts';

const { service, anotherService, members } = homesOfEachTest();

/** Version 1 of a list under somebody's account, signed by an identity of the thief's own, and the key of its device. */
async function stolen(account: AccountId) {
  const { device, identity, signing, pair, list: own } = await makePuppet('Thief');
  const signed = await sign('deviceList', DeviceListCodec.encode({ ...own.list, account }), identity);
  const { publicKey } = pair;
  const key = await createExchangeKey({ account, device, publicKey, signing, at: Date.now() });
  return { list: toBase64Url(signed), key: toBase64Url(key.signed) };
}

/** As the old server has it: who was a member knows it too. */
function logOf(room: RoomId) {
  const operator = new Operator(service().data);
  const log = operator.log(room);
  operator.close();
  return log;
}

test('[attack 46] [K1] on a server that lost everything nobody takes an account or a group that is not theirs', async () => {
  const [paula, bob] = [await members.join('Paula'), await members.join('Bob')];
  const room = await gather(paula, [bob], 'Ours');
  const { header: genuine } = newestHeader(logOf(room));
  const { id: account } = paula;
  const fresh = await anotherService();

  // Mallory knew their ids, and is there first.
  const mallory = await RawMember.register(fresh.origin, 'Mallory');
  const taken = await mallory.call('POST', PATHS.accounts, { account, ...(await stolen(account)) });
  expect(taken).toMatchObject({ status: 400, json: { code: 'malformed' } });
  // Nor the id of their group, with what its first header called it or without.
  const alone = await pinned(mallory, [mallory.account]);
  for (const profile of [genuine.profile, randomBytes(32)]) {
    const entry = await firstHeader(room, mallory, alone, profile);
    const answer = await mallory.call('POST', PATHS.epochs(room), { header: entry.body, wraps: [] });
    expect(answer).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
  }
});

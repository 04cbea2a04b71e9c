import type { Engine } from '@sotto/client';
import { chainGenesis, createExchangeKey, extendDeviceList, randomBytes, sha256, sign } from '@sotto/crypto';
import { type AccountId, DeviceListCodec, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { homesOfEachTest } from '../support/homes.ts';
import { letBack } from '../support/operate.ts';
import { makeBackup } from '../support/own-backup.ts';
import { firstHeader, newestHeader, pinned } from './support/forge.ts';
import { RawMember } from './support/member.ts';
import { Operator } from './support/operator.ts';
import { makePuppet } from './support/puppet.ts';
import { gather, noticed, texts, until } from './support/story.ts';

const PASSWORD = 'one password';

const { service, anotherService, place, online, everyoneLeaves } = homesOfEachTest();

async function backup(engine: Engine) {
  const phrase = await engine.createRecoveryPhrase(PASSWORD);
  return { phrase, file: (await makeBackup(engine)).file, password: PASSWORD };
}

/** Version 1 and 2 of a list under somebody's account, signed by an identity of the thief's own, and the key of its device. */
async function stolen(account: AccountId) {
  const { device, identity, signing, pair, list: own } = await makePuppet('Thief');
  const list = { ...own.list, account };
  const signed = await sign('deviceList', DeviceListCodec.encode(list), identity);
  const first = { list, signed, hash: await sha256(signed) };
  const second = await extendDeviceList(first, identity, { at: Date.now() });
  const { publicKey } = pair;
  const key = await createExchangeKey({ account, device, publicKey, signing, at: Date.now() });
  return {
    first: toBase64Url(first.signed),
    second: toBase64Url(second.signed),
    key: toBase64Url(key.signed),
    recovery: toBase64Url(identity.publicKey),
  };
}

/** As the old server has it: who was a member knows it too. */
function logOf(room: RoomId) {
  const operator = new Operator(service().data);
  const log = operator.log(room);
  operator.close();
  return log;
}

const noise = () => toBase64Url(randomBytes(100));

test('[attack 46] [K1] on a server that lost everything nobody takes what is not theirs before its owner is back', async () => {
  const [paula, bob] = await Promise.all(
    ['Paula', 'Bob'].map(async (name) => online(await place(name).createAccount(name, PASSWORD))),
  );
  if (!paula || !bob) throw new Error('two came');
  const room = await gather(paula, [bob], 'Ours');
  const { header: genuine } = newestHeader(logOf(room));
  const [hers, his] = [await backup(paula), await backup(bob)];
  await everyoneLeaves();
  await service().stop();
  const fresh = await anotherService();
  letBack(fresh.data);

  // Mallory knew their ids, and is there first.
  const mallory = await RawMember.register(fresh.origin, 'Mallory');
  const { account } = paula;
  const { first, second, key, recovery } = await stolen(account);
  const password = { record: noise(), vault: { version: 1, body: noise(), password: noise(), phrase: null } };
  const tries = {
    [PATHS.accounts]: { account, list: first, key },
    [PATHS.restoredAccount]: { account, earlier: [first], list: second, key, password, recovery },
    [PATHS.restoredPeople]: { people: [{ account, lists: [first] }] },
  };
  for (const [path, body] of Object.entries(tries)) {
    const answer = await mallory.call('POST', path, body);
    expect(answer, path).toMatchObject({ status: 400, json: { code: 'malformed' } });
  }
  // Nor the id of their group, with what its first header called it or without.
  const members = await pinned(mallory, [mallory.account]);
  for (const profile of [genuine.profile, randomBytes(32)]) {
    const entry = await firstHeader(room, mallory, members, profile);
    const made = { header: entry.body, wraps: [] };
    const headers = [{ position: 1, header: entry.body }];
    const brought = { chain: toBase64Url(await chainGenesis(room)), headers, entries: [entry] };
    for (const [path, body] of [
      [PATHS.epochs(room), made],
      [PATHS.restoredRoom(room), brought],
    ] as const) {
      const answer = await mallory.call('POST', path, body);
      expect(answer, path).toMatchObject({ status: 403, json: { code: 'rule_broken' } });
    }
  }

  const back = async (name: string, own: typeof hers) => {
    const restored = await place(name, fresh).restoreBackup(own);
    expect(restored).toMatchObject({ conversations: 1, missing: 0 });
    return online(restored.engine);
  };
  const [one, two] = [await back('Paula', hers), await back('Bob', his)];
  expect([one.account, two.account]).toEqual([paula.account, bob.account]);
  await one.sendText(room, { body: 'here again' });
  await until(() => texts(two, room).includes('here again'), 'Bob reads Paula', 30_000);
  await two.sendText(room, { body: 'me too' });
  await until(() => texts(one, room).includes('me too'), 'Paula reads Bob', 30_000);
  expect([...noticed(one), ...noticed(two)]).toEqual([]);
});

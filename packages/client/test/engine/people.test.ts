import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDeviceList,
  extendDeviceList,
  generateSigningKey,
  type ListSeen,
  randomId,
  VerificationError,
} from '@sotto/crypto';
import { type AccountId, type Bytes, type DeviceId, equalBytes } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bus } from '../../src/engine/bus.ts';
import { LazyWrites } from '../../src/engine/lazy-writes.ts';
import { Directory } from '../../src/engine/people/directory.ts';
import { DeviceLists } from '../../src/engine/people/lists.ts';
import { ClientError } from '../../src/error.ts';
import { fileHost } from '../../src/node/file-host.ts';
import type { Storage } from '../../src/seams/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { noFailure } from './support/no-failure.ts';
import { someone } from './support/rows.ts';

const me = someone();
let folder: string;
let storage: Storage;
let clock: FakeClock;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-people-'));
  storage = await fileHost(folder).open(me.account);
  clock = new FakeClock();
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

function directory(bus = new Bus(noFailure)): Directory {
  const offline = () => Promise.reject(new ClientError('unreachable'));
  return new Directory({
    bus,
    storage,
    clock,
    lazy: new LazyWrites(storage, clock, (work) => void work.catch(() => undefined)),
    calls: { get: offline, post: offline, serverTime: () => clock.now() },
    keys: { self: { ...me, name: 'Me', kind: 'guest', identity: new Uint8Array(32) } },
  });
}

const NO_LIST = { version: 0, hash: new Uint8Array(32), at: 0 };

/** What another device of the account knows: somebody called Ann. */
const vaultWith = (account: AccountId, identity: Bytes) => ({
  list: NO_LIST,
  contacts: [{ account, identity, verified: false, name: 'Ann', since: 1, list: NO_LIST }],
});

test('[K4] names and presence that come at the same time never undo what the user decided, in any tab', async () => {
  const account = randomId<AccountId>();
  const [one, two] = [directory(), directory()]; // two tabs on one store
  for (const tab of [one, two]) tab.met([{ account, name: 'Ann', seen: null }]);
  await clock.pass(1_000);
  const identity = new Uint8Array(32).fill(7);
  await one.applyVault(vaultWith(account, identity));
  await two.load();
  const deciding = one.setVerified(account, identity, true);
  one.met([{ account, name: 'Anna' }]);
  two.met([{ account, name: 'Anna' }]);
  await deciding;
  await clock.pass(1_000);
  two.applyPresence([{ account, online: true, seen: 77 }]);
  await clock.pass(1_000);
  expect(one.trustOf(account)).toBe('verified');
  const again = directory();
  await again.load();
  expect(again.trustOf(account)).toBe('verified');
  // Attack 49: what the server calls them does not take the place of what they signed.
  expect(again.nameOf(account)).toBe('Ann');
  expect(again.view().get(account)?.claimed).toBe('Anna');
  expect(again.view().get(account)?.seen).toBe(77);
});

test('[attack 39] [K4] a key that another tab went on from meanwhile is not marked as verified', async () => {
  const account = randomId<AccountId>();
  const [compared, accepted] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(8)];
  const [one, two] = [directory(), directory()];
  await one.applyVault(vaultWith(account, compared));
  await two.load();
  await two.applyVault(vaultWith(account, accepted));
  await expect(one.setVerified(account, compared, true)).rejects.toMatchObject({ code: 'not_current' });
  await one.load();
  expect(one.trustOf(account)).toBe('unverified');
  await one.setVerified(account, accepted, true);
  expect(one.trustOf(account)).toBe('verified');
});

test('[K4] another trust is told once, whichever tab or device decided it; a first sight is none', async () => {
  const account = randomId<AccountId>();
  const identity = new Uint8Array(32).fill(7);
  const told: string[][] = [[], []];
  const [one, two] = told.map((list) => {
    const bus = new Bus(noFailure);
    bus.on('trust', ({ before, trust }) => list.push(`${before} ${trust}`));
    return directory(bus);
  });
  await one?.applyVault(vaultWith(account, identity));
  await two?.load();
  await one?.setVerified(account, identity, true);
  await one?.setVerified(account, identity, true);
  await two?.load();
  expect(told).toEqual([['unverified verified'], ['unverified verified']]);
});

async function annsLists() {
  const identity = await generateSigningKey({ extractable: false });
  const device = async () => ({
    device: randomId<DeviceId>(),
    signing: (await generateSigningKey({ extractable: false })).publicKey,
  });
  const first = await createDeviceList({ identity, at: 1, name: 'Ann', devices: [await device()] });
  const next = async () => extendDeviceList(first, identity, { at: 2, add: [await device()] });
  return { account: first.list.account, first, second: await next(), other: await next() };
}

async function extend(
  lists: DeviceLists,
  account: AccountId,
  signed: Bytes,
  { after = 0, floor = null }: { after?: number; floor?: ListSeen | null } = {},
) {
  const asked = { account, after, signed: [signed], pinned: null, floor };
  const result = (await lists.extend([asked])).get(account);
  if (result instanceof VerificationError) throw result;
  return result;
}

test('[K3] the same list verified twice at once is kept once', async () => {
  const { account, first, second } = await annsLists();
  const lists = new DeviceLists(storage);
  await extend(lists, account, first.signed);
  await Promise.all([extend(lists, account, second.signed), extend(lists, account, second.signed)]);
  expect((await lists.newest(account))?.list.version).toBe(2);
  expect(await lists.lookup(account, 2)).toMatchObject({ hash: second.hash });
});

test('[K3, attack 10] a list that was known when newer ones were asked for is an older list', async () => {
  const { account, first, second } = await annsLists();
  const lists = new DeviceLists(storage);
  await extend(lists, account, first.signed);
  await extend(lists, account, second.signed, { after: 1 });
  await expect(extend(lists, account, first.signed, { after: 2 })).rejects.toMatchObject({
    code: 'old_list',
  });
});

test('[K3, attack 4] two lists of one version shown at the same moment: the second is refused, in every tab', async () => {
  const { account, first, second, other } = await annsLists();
  const lists = new DeviceLists(storage);
  await extend(lists, account, first.signed);
  const tab = new DeviceLists(storage);
  await tab.newest(account);
  const both = [extend(lists, account, second.signed), extend(lists, account, other.signed)];
  const outcomes = (await Promise.allSettled(both)).map((outcome) => outcome.status);
  expect(outcomes.sort()).toEqual(['fulfilled', 'rejected']);
  const kept = await lists.lookup(account, 2);
  const refused = kept && equalBytes(kept.hash, second.hash) ? other : second;
  await expect(extend(tab, account, refused.signed)).rejects.toMatchObject({ code: 'bad_list' });
  expect((await new DeviceLists(storage).lookup(account, 2))?.hash).toEqual(kept?.hash);
});

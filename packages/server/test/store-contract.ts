import {
  type AccountId,
  type Bytes,
  type Ciphertext,
  chainGenesisInput,
  type DeviceId,
  type HeaderHash,
  headerHash,
  LIMITS,
  type MessageId,
  type RoomId,
  type Signed,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { EpochCommit, NewAccount, Store, VaultChange } from '../src/store/store.ts';
import { chainOver } from './support/room.ts';
import { makeFolder } from './support/server.ts';
import { newGroupId, random, randomId, sha256 } from './support/signing.ts';

const text = <T>(bytes = 8) => toBase64Url(random(bytes)) as T;

/** Every name looks like itself here. */
const nameOf = (name: string) => {
  const small = name.toLowerCase();
  return { name, folded: small, written: name, small };
};

function makeAccount(change: Partial<NewAccount> = {}): NewAccount & { device: DeviceId } {
  const device = randomId<DeviceId>();
  const name = text<string>();
  return {
    account: randomId<AccountId>(),
    name: nameOf(name),
    list: { version: 1, signed: text<Signed>(), hash: text(), devices: [{ device, signing: text() }] },
    key: { device, key: text<Signed>(), hash: text(), notBefore: 1 },
    password: null,
    ...change,
    device,
  };
}

function makeEpoch(
  members: readonly NewAccount[],
  before: EpochCommit | null,
  change: Partial<EpochCommit> = {},
): EpochCommit {
  const [author] = members;
  if (!author) throw new Error('an epoch has an author');
  const signed = random(80);
  return {
    room: before?.room ?? newGroupId(),
    epoch: (before?.epoch ?? 0) + 1,
    signed,
    hash: sha256(signed),
    previous: before?.hash ?? null,
    author: { account: author.account, device: author.key.device },
    id: randomId<MessageId>(),
    time: 1_000,
    at: change.time ?? 1_000,
    history: 'joined',
    seen: 0,
    members: members.map(({ account, list }) => ({ account, list: list.version, listHash: list.hash })),
    invites: [],
    wraps: [],
    limits: { ...LIMITS, rooms: 10 },
    ...change,
  };
}

const ROOM = newGroupId();

const makeVault = (version: number, phrase: Ciphertext | null = null) => ({
  version,
  body: text<Ciphertext>(),
  password: text<Ciphertext>(80),
  phrase,
});

/** Extends the account's list to a version with the same device. */
async function listed(store: Store, { account, name, list }: NewAccount, version: number) {
  const next = { ...list, version, signed: text<Signed>(), hash: text<string>() };
  expect(await store.devices.extend(account, { list: next, name, key: null })).toBe('extended');
  return next;
}

/** What every store does (D8). `open` twice on one folder is a restart. */
export function storeContract(name: string, open: (folder: string) => Promise<Store>): void {
  async function fresh() {
    const folder = await makeFolder();
    const store = await open(folder);
    onTestFinished(() => store.close());
    const people = [makeAccount(), makeAccount(), makeAccount()] as const;
    for (const person of people) expect(await store.accounts.create(person)).toBe('created');
    return { folder, store, people };
  }

  const send = (
    room: RoomId,
    from: NewAccount,
    epoch = 1,
    id = randomId<MessageId>(),
    body: Bytes = random(20),
  ) => ({
    room,
    account: from.account,
    device: from.key.device,
    id,
    epoch,
    body,
  });

  describe(`${name}: accounts and devices`, () => {
    test('an account is made once, under a name of its own', async () => {
      const { store, people } = await fresh();
      const [ann] = people;
      expect(await store.accounts.create(ann)).toBe('same');
      expect(await store.accounts.create({ ...makeAccount(), account: ann.account })).toBe('id_reused');
      expect(await store.accounts.create(makeAccount({ name: ann.name }))).toBe('name_taken');
      expect(await store.accounts.byName(ann.name.folded)).toMatchObject({
        account: ann.account,
        kind: 'guest',
      });
      expect(await store.accounts.get(randomId<AccountId>())).toBeUndefined();
      expect(await store.accounts.everyone()).toHaveLength(3);
    });

    test('[K3] lists grow by one; a device keeps its key; what waited for a dropped device is gone', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const [own] = ann.list.devices;
      if (!own) throw new Error('no device');
      const phone = { device: randomId<DeviceId>(), signing: text<string>() };
      const key = { device: phone.device, key: text<Signed>(), hash: text<string>(), notBefore: 1 };
      const second = { version: 2, signed: text<Signed>(), hash: text<string>(), devices: [own, phone] };
      const extend = (list: typeof second, with_: typeof key | null = null) =>
        store.devices.extend(ann.account, { list, name: ann.name, key: with_ });
      expect(await extend({ ...second, version: 3 })).toBe('conflict');
      expect(await extend({ ...second, version: 1 })).toBe('conflict');
      expect(await extend({ ...second, devices: [{ ...own, signing: 'other' }] })).toBe('key_changed');
      expect(await extend(second, key)).toBe('extended');
      expect(await store.devices.newest(ann.account)).toMatchObject({ version: 2, hash: second.hash });
      const room = makeEpoch([{ ...ann, list: second }, ben], null);
      const wrap = { account: ann.account, device: phone.device, key: key.hash, body: text<Ciphertext>() };
      expect((await store.rooms.commitEpoch({ ...room, wraps: [wrap] })).type).toBe('committed');
      expect(await store.delivery.wraps(ann.account, phone.device)).toHaveLength(1);
      expect(await extend({ ...second, version: 3, hash: text(), devices: [own] })).toBe('extended');
      expect(await store.delivery.wraps(ann.account, phone.device)).toEqual([]);
      expect(await store.devices.keys(ann.account)).toMatchObject([{ device: own.device }]);
      expect(await store.devices.signingKey(ann.account, phone.device)).toBe(phone.signing);
      expect((await store.devices.listsAfter(ann.account, 1)).map(({ version }) => version)).toEqual([2, 3]);
    });

    test('[K2] [attack 43] a device’s exchange key gives way only to a newer one', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const { device } = ann.key;
      const keyAt = (notBefore: number) => ({ device, notBefore, key: text<Signed>(), hash: text<string>() });
      const [newer, sameTime, older] = [keyAt(5), keyAt(5), keyAt(4)];
      const put = (key: typeof newer) => store.devices.putKey(ann.account, key);
      expect(await put(newer)).toBe('newer');
      expect(await put(newer)).toBe('same');
      for (const key of [sameTime, older, ann.key]) expect(await put(key)).toBe('older');
      expect(await store.devices.keys(ann.account)).toEqual([newer]);
      expect(await put(keyAt(6))).toBe('newer');
      expect(await store.devices.keys(ben.account)).toEqual([ben.key]);
    });

    test('[K5] vaults compare and set', async () => {
      const { store } = await fresh();
      const vault = makeVault(1);
      const person = makeAccount({ password: { record: 'r', vault } });
      await store.accounts.create(person);
      expect(await store.accounts.vault(person.account)).toEqual(vault);
      const put = (change: VaultChange) => store.accounts.putVault(person.account, change);
      expect(await put({ vault })).toBe('same');
      expect(await put({ vault: makeVault(1) })).toBe('conflict');
      expect(await put({ vault: { ...vault, version: 3 } })).toBe('conflict');
      const second = makeVault(2, text<Ciphertext>(80));
      expect(await put({ vault: second })).toBe('stored');
      expect(await put({ vault: second })).toBe('same');
      expect(await put({ vault: second, recovery: 'key' })).toBe('conflict'); // never a key without its vault
      expect(await store.accounts.vault(person.account)).toEqual(second);
    });

    test('[K5] a vault takes the recovery key and the record with it, or leaves them', async () => {
      const { store, people } = await fresh();
      const [ann] = people;
      const put = (change: VaultChange) => store.accounts.putVault(ann.account, change);
      const owner = () => store.accounts.get(ann.account);
      expect(await owner()).toMatchObject({ kind: 'guest', record: null, recovery: null });
      const first = { vault: makeVault(1), record: 'one', recovery: 'key' };
      expect(await put(first)).toBe('stored');
      expect(await put(first)).toBe('same');
      expect(await owner()).toMatchObject({ kind: 'password', record: 'one', recovery: 'key' });
      expect(await put({ vault: makeVault(1), record: 'stale', recovery: null })).toBe('conflict');
      expect(await put({ vault: makeVault(2) })).toBe('stored');
      expect(await owner()).toMatchObject({ record: 'one', recovery: 'key' });
      expect(await put({ vault: makeVault(3), record: 'two', recovery: null })).toBe('stored');
      expect(await owner()).toMatchObject({ kind: 'password', record: 'two', recovery: null });
    });

    test('[K3] [attack 49] the name goes with the list; nobody takes the name of somebody else', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const next = (version: number) => ({
        ...ann.list,
        version,
        signed: text<Signed>(),
        hash: text<string>(),
      });
      const rename = (version: number, name: NewAccount['name']) =>
        store.devices.extend(ann.account, { list: next(version), name, key: null });
      expect(await rename(2, ben.name)).toBe('name_taken');
      expect(await store.devices.newest(ann.account)).toMatchObject({ version: 1 });
      expect(await rename(2, { ...ann.name, name: ann.name.name.toUpperCase() })).toBe('extended');
      expect(await rename(3, nameOf('Anna'))).toBe('extended');
      expect(await store.accounts.byName('anna')).toMatchObject({ account: ann.account, name: 'Anna' });
      expect(await store.accounts.byName(ann.name.folded)).toBeUndefined();
      const alike = { ...nameOf('Another'), written: 'Anna' };
      for (const name of [alike, { ...nameOf('Other'), small: 'anna' }]) {
        expect(await store.accounts.create(makeAccount({ name }))).toBe('name_confusable');
        expect(await store.accounts.conflict(ben.account, name)).toBe('name_confusable');
        expect(await store.accounts.conflict(ann.account, name)).toBeNull();
      }
    });

    test('[attack 24] a device id belongs to the first account that lists it', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const [own] = ann.list.devices;
      const stolen = { device: own?.device ?? randomId<DeviceId>(), signing: text<string>() };
      const list = { version: 2, signed: text<Signed>(), hash: text<string>(), devices: [stolen] };
      expect(await store.devices.extend(ben.account, { list, name: ben.name, key: null })).toBe(
        'key_changed',
      );
      expect(await store.accounts.create(makeAccount({ list: { ...list, version: 1 } }))).toBe('id_reused');
      expect(await store.devices.signingKey(ben.account, stolen.device)).toBeUndefined();
    });

    test('devices are seen at their latest; a dropped one is forgotten', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const at = (of: { account: AccountId; device: DeviceId }, seen: number) => ({
        account: of.account,
        device: of.device,
        seen,
      });
      expect(await store.devices.seen(ann.account)).toEqual([]);
      await store.devices.setSeen([at(ann, 5), at(ben, 9), at(ann, 7)]);
      await store.devices.setSeen([at(ann, 6)]);
      expect(await store.devices.seen(ann.account)).toEqual([{ device: ann.device, seen: 7 }]);
      const devices = [{ device: randomId<DeviceId>(), signing: text<string>() }];
      const list = { version: 2, signed: text<Signed>(), hash: text<string>(), devices };
      await store.devices.extend(ann.account, { list, name: ann.name, key: null });
      expect(await store.devices.seen(ann.account)).toEqual([]);
      expect(await store.devices.seen(ben.account)).toEqual([{ device: ben.device, seen: 9 }]);
    });

    test('[D5] names of proofs ahead of their time outlive a restart until it has passed', async () => {
      const { folder, store } = await fresh();
      await store.proofs.keep('old', 900, 800);
      await store.proofs.keep('ahead', 1_100, 1_000);
      await store.proofs.keep('ahead', 1_100, 1_000);
      const again = await open(folder);
      onTestFinished(() => again.close());
      expect(await again.proofs.after(0)).toEqual(['ahead']);
      expect(await again.proofs.after(1_100)).toEqual(['ahead']);
      expect(await again.proofs.after(1_101)).toEqual([]);
    });

    test('a secret is made once and outlives a restart', async () => {
      const { folder, store } = await fresh();
      const first = await store.secret('s', () => 'one');
      expect(await store.secret('s', () => 'two')).toBe(first);
      const again = await open(folder);
      expect(await again.secret('s', () => 'three')).toBe('one');
      await again.close();
    });
  });

  describe(`${name}: rooms`, () => {
    test('[R4] an epoch follows the newest; repeated it is the first; anything else conflicts', async () => {
      const { store, people } = await fresh();
      const first = makeEpoch(people, null);
      expect(await store.rooms.commitEpoch(first)).toMatchObject({
        type: 'committed',
        position: 1,
        ended: [],
      });
      expect(await store.rooms.commitEpoch(first)).toEqual({ type: 'repeated', position: 1, time: 1_000 });
      expect(await store.rooms.commitEpoch(makeEpoch(people, null, { room: first.room }))).toEqual({
        type: 'conflict',
        epoch: 1,
      });
      const skipping = makeEpoch(people, first, { epoch: 3 });
      expect((await store.rooms.commitEpoch(skipping)).type).toBe('conflict');
      const elsewhere = makeEpoch(people, first, { previous: random(32) });
      expect((await store.rooms.commitEpoch(elsewhere)).type).toBe('conflict');
      expect(await store.rooms.commitEpoch(makeEpoch(people, first))).toMatchObject({ position: 2 });
      expect(await store.rooms.state(first.room)).toMatchObject({ epoch: 2, head: 2 });
    });

    test('[D1] no entry is dated before the one before it, whatever the clock says', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const one = makeEpoch([ann, ben], null, { time: 5_000 });
      await store.rooms.commitEpoch(one);
      const append = async (time: number) => (await store.log.append([send(one.room, ann)], time))[0];
      expect(await append(4_000)).toMatchObject({ type: 'appended', time: 5_000 });
      expect(await append(6_000)).toMatchObject({ time: 6_000 });
      const two = makeEpoch([ann, ben], one, { time: 3_000 });
      expect(await store.rooms.commitEpoch(two)).toMatchObject({ type: 'committed', time: 6_000 });
      const leave = {
        room: one.room,
        account: ben.account,
        device: ben.device,
        id: randomId<MessageId>(),
        time: 1_000,
        signed: random(90),
        header: two.hash,
      };
      expect(await store.rooms.leave(leave)).toMatchObject({ type: 'left', time: 6_000 });
      const query = { room: one.room, from: 0, to: 9, limit: 9, maxBytes: 1e6, take: 'oldest' } as const;
      const times = (await store.log.page(query)).map(({ time }) => time);
      expect(times).toEqual([5_000, 5_000, 6_000, 6_000, 6_000]);
    });

    test('[R1] [attack 40] a header is held against the time of its very entry, to the millisecond', async () => {
      const { store, people } = await fresh();
      const time = 2 * LIMITS.headerSkew;
      const one = makeEpoch(people, null, { time });
      expect((await store.rooms.commitEpoch(one)).type).toBe('committed');
      const next = (at: number) => store.rooms.commitEpoch(makeEpoch(people, one, { time: 1, at }));
      // Whatever the clock says, the entry is not dated before the one before it.
      const refused = { type: 'misdated', time };
      expect(await next(time - LIMITS.headerSkew - 1)).toEqual(refused);
      expect(await next(time + LIMITS.headerSkew + 1)).toEqual(refused);
      expect(await next(time - LIMITS.headerSkew)).toMatchObject({ type: 'committed', time });
      const other = { time, at: time + LIMITS.headerSkew };
      expect((await store.rooms.commitEpoch(makeEpoch(people, null, other))).type).toBe('committed');
    });

    test('[R2] [K3] stale lists and keys are found in the same transaction', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const stale = { ...ben, list: { ...ben.list, hash: 'old' } };
      expect((await store.rooms.commitEpoch(makeEpoch([ann, stale], null))).type).toBe('stale_list');
      const wrap = { account: ben.account, device: ben.device, key: 'old', body: text<Ciphertext>() };
      const commit = makeEpoch([ann, ben], null, { wraps: [wrap] });
      expect((await store.rooms.commitEpoch(commit)).type).toBe('stale_key');
      expect(await store.rooms.state(commit.room)).toBeUndefined();
      expect(
        (await store.rooms.commitEpoch(makeEpoch([ann], null, { limits: { ...LIMITS, rooms: 0 } }))).type,
      ).toBe('limit');
    });

    test('[attack 22] [attack 23] memberships begin and end at positions', async () => {
      const { store, people } = await fresh();
      const [ann, ben, cat] = people;
      const one = makeEpoch([ann, ben], null);
      await store.rooms.commitEpoch(one);
      expect(await store.rooms.accept(one.room, ben.account, 10)).toBe('accepted');
      const two = makeEpoch([ann, cat], one, { seen: 1 });
      expect(await store.rooms.commitEpoch(two)).toMatchObject({
        joined: [cat.account],
        ended: [ben.account],
      });
      const membership = (of: NewAccount) => store.rooms.membership(one.room, of.account);
      expect(await membership(ann)).toMatchObject({ start: 0, until: null });
      expect(await membership(ben)).toMatchObject({ start: 0, until: 2, pending: false });
      expect(await membership(cat)).toMatchObject({ start: 1, until: null });
      expect((await store.rooms.members(one.room)).toSorted()).toEqual([ann.account, cat.account].toSorted());
      expect(await store.accounts.neighbours(ann.account)).toEqual([cat.account]);
      expect(await store.rooms.heads(ben.account)).toEqual([
        { room: one.room, head: 2, epoch: 2, until: 2, pending: false, chain: null },
      ]);
      expect(await store.rooms.standing(one.room, ben.account)).toBeUndefined();
      expect((await store.rooms.headers(one.room, 0, 2, 1)).map(({ position }) => position)).toEqual([1]);
      expect((await store.rooms.headers(one.room, 0, 2, 1_000)).map(({ signed }) => signed)).toEqual([
        one.signed,
        two.signed,
      ]);
      expect(await store.rooms.header(one.room, 2)).toMatchObject({ position: 2, signed: two.signed });
    });

    test('[attack 48] who is brought in is asked: nothing counts against them, but against who brings them', async () => {
      const { store, people } = await fresh();
      const [ann, ben, cat] = people;
      const limits = { rooms: 1, pending: 3, pendingEach: 2, pendingAge: 1_000 };
      const bring = async (members: NewAccount[], time = 1_000, before: EpochCommit | null = null) => {
        const commit = makeEpoch(members, before, { limits: { ...limits, rooms: 10 }, time });
        return { commit, ...(await store.rooms.commitEpoch(commit)) };
      };
      const accept = (room: RoomId, who: NewAccount) => store.rooms.accept(room, who.account, limits.rooms);
      const one = (await bring([ann, ben])).commit;
      const two = (await bring([ann, ben])).commit;
      expect((await bring([ann, ben])).type).toBe('unanswered');
      expect(await store.rooms.membership(one.room, ben.account)).toMatchObject({ pending: true });
      expect(await store.accounts.companions(ben.account)).toEqual([]);
      // Taking them out again gives nothing back; who came and went without a word is not told of it any more.
      expect((await bring([ann], 1_000, two)).type).toBe('committed');
      expect((await bring([ann, ben])).type).toBe('unanswered');
      expect(await store.rooms.heads(ben.account)).toMatchObject([{ room: one.room, pending: true }]);
      expect((await bring([cat, ben])).type).toBe('committed');
      expect((await bring([ann, cat])).type).toBe('committed');
      expect((await bring([ann, cat])).type).toBe('unanswered'); // three in all
      expect(await accept(one.room, ben)).toBe('accepted');
      expect(await accept(one.room, ben)).toBe('accepted');
      expect(await store.accounts.companions(ben.account)).toEqual([ann.account]);
      expect((await bring([ann, cat])).type).toBe('committed');
      const own = makeEpoch([ben], null, { limits });
      expect((await store.rooms.commitEpoch(own)).type).toBe('limit'); // what was accepted counts
      expect(await accept(two.room, ben)).toBe('not_member');
      expect(await accept((await bring([ann, ben], 2_001)).commit.room, ben)).toBe('limit'); // time passed
    });

    test('[attack 48] of rooms that were not accepted only the newest are told', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const limits = { rooms: 1e6, pending: 1e6, pendingEach: 1e6, pendingAge: 1e6 };
      const rooms: RoomId[] = [];
      for (let i = 0; i <= LIMITS.pendingTold; i++) {
        const commit = makeEpoch([ann, ben], null, { limits, time: 1_000 + i });
        expect((await store.rooms.commitEpoch(commit)).type).toBe('committed');
        rooms.unshift(commit.room);
      }
      const told = async () => (await store.rooms.heads(ben.account)).map(({ room }) => room);
      expect(await told()).toEqual(rooms.slice(0, -1));
      await store.rooms.accept(rooms[3] as RoomId, ben.account, 10);
      expect((await told()).toSorted()).toEqual(rooms.toSorted());
    });

    test('[R3] a leave ends a membership; no header may list who left until one without them came', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const one = makeEpoch([ann, ben], null);
      await store.rooms.commitEpoch(one);
      const leave = {
        room: one.room,
        account: ben.account,
        device: ben.device,
        id: randomId<MessageId>(),
        time: 2_000,
        signed: random(90),
        header: one.hash,
      };
      expect(await store.rooms.leave({ ...leave, header: random(32) })).toEqual({
        type: 'stale_epoch',
        epoch: 1,
      });
      expect(await store.rooms.leave(leave)).toEqual({ type: 'left', position: 2, time: 2_000, epoch: 1 });
      expect(await store.rooms.leave({ ...leave, time: 3_000 })).toMatchObject({
        type: 'repeated',
        time: 2_000,
      });
      expect((await store.rooms.leave({ ...leave, id: randomId<MessageId>() })).type).toBe('not_member');
      expect(await store.rooms.departed(one.room)).toEqual([{ account: ben.account, position: 2 }]);
      expect((await store.rooms.commitEpoch(makeEpoch([ann, ben], one))).type).toBe('conflict');
      const two = makeEpoch([ann], one);
      expect(await store.rooms.commitEpoch(two)).toMatchObject({ type: 'committed', ended: [] });
      expect(await store.rooms.departed(one.room)).toEqual([]);
      expect(await store.rooms.commitEpoch(makeEpoch([ann, ben], two))).toMatchObject({
        joined: [ben.account],
      });
    });

    test('[R7] [attack 46] an invite leads to the newest header of its own room, whoever else lists its key', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const invites = [{ key: 'k', expires: 5_000 }];
      const one = makeEpoch([ann], null, { invites });
      await store.rooms.commitEpoch(one);
      const other = makeEpoch([ben], null, { invites, time: 999 });
      await store.rooms.commitEpoch(other);
      const two = makeEpoch([ann], one, { invites, time: 1_002 });
      await store.rooms.commitEpoch(two);
      expect(await store.rooms.byInvite(one.room, 'k', 5_000)).toMatchObject({
        position: 2,
        signed: two.signed,
      });
      expect(await store.rooms.byInvite(one.room, 'k', 5_001)).toBeUndefined();
      await store.rooms.commitEpoch(makeEpoch([ann], two));
      expect(await store.rooms.byInvite(one.room, 'k', 0)).toBeUndefined();
      expect((await store.rooms.byInvite(other.room, 'k', 0))?.position).toBe(1);
    });
  });

  describe(`${name}: log`, () => {
    test('[attack 40] what cannot be stored fails alone: all others of its commit are in the log', async () => {
      const { store, people, folder } = await fresh();
      const [ann, ben] = people;
      const room = makeEpoch([ann, ben], null);
      const other = makeEpoch([ben, ann], null);
      await store.rooms.commitEpoch(room);
      await store.rooms.commitEpoch(other);
      // Whatever it is that breaks: a body that is none.
      const poison = { ...send(room.room, ann), body: undefined as unknown as Bytes };
      const sends = Array.from({ length: 6 }, (_, i) =>
        send(i % 2 ? room.room : other.room, i % 2 ? ann : ben),
      );
      const results = await store.log.append(
        [...sends.slice(0, 3), poison, ...sends.slice(3), sends[0] ?? poison],
        9,
      );
      expect(results.map(({ type }) => type)).toEqual([
        'appended',
        'appended',
        'appended',
        'failed',
        'appended',
        'appended',
        'appended',
        'repeated',
      ]);
      expect(results[3]).toMatchObject({ type: 'failed', error: expect.any(Error) });
      expect(await store.log.append([poison], 9)).toMatchObject([{ type: 'failed' }]);
      expect(await store.log.append([send(room.room, ben)], 9)).toEqual([
        { type: 'appended', position: 5, time: 1_000 },
      ]);
      const again = await open(folder);
      onTestFinished(() => again.close());
      for (const sent of sends) expect((await again.log.find(sent))?.type).toBe('repeated');
      expect(await again.log.find(poison)).toBeUndefined();
    });

    test('[attack 40] a receipt that cannot be kept costs no other', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const room = makeEpoch([ann, ben], null);
      await store.rooms.commitEpoch(room);
      const receipt = (of: NewAccount, body: string) => ({
        room: room.room,
        account: of.account,
        device: of.key.device,
        body: body as Ciphertext,
      });
      const poison = { ...receipt(ann, 'a'), device: {} as unknown as DeviceId };
      await expect(store.log.receipt([poison, receipt(ann, 'a'), receipt(ben, 'b')])).rejects.toThrow();
      expect((await store.log.receipts(room.room)).map(({ body }) => body).sort()).toEqual(['a', 'b']);
    });

    test('[D1] [D3] [R5] a batch over rooms: order, chain, retries, refusals', async () => {
      const { folder, store, people } = await fresh();
      const [ann, ben, cat] = people;
      const one = makeEpoch([ann, ben], null);
      const other = makeEpoch([ben, cat], null);
      await store.rooms.commitEpoch(one);
      await store.rooms.commitEpoch(other);
      const first = send(one.room, ann);
      const results = await store.log.append(
        [
          first,
          send(other.room, ben),
          first,
          send(one.room, cat),
          send(one.room, ben, 2),
          send(one.room, ben),
        ],
        2_000,
      );
      expect(results).toEqual([
        { type: 'appended', position: 2, time: 2_000 },
        { type: 'appended', position: 2, time: 2_000 },
        { type: 'repeated', position: 2, time: 2_000 },
        { type: 'not_member' },
        { type: 'stale_epoch', epoch: 1 },
        { type: 'appended', position: 3, time: 2_000 },
      ]);
      const again = await open(folder);
      onTestFinished(() => again.close());
      expect(await again.log.find(first)).toEqual({ type: 'repeated', position: 2, time: 2_000 });
      expect(await again.log.append([{ ...first, epoch: 7 }], 3_000)).toMatchObject([{ type: 'repeated' }]);
      expect(await again.log.append([send(one.room, ann, 1, one.id)], 3_000)).toEqual([
        { type: 'id_reused' },
      ]);
      const page = await again.log.page({
        room: one.room,
        from: 0,
        to: 9,
        take: 'oldest',
        limit: 10,
        maxBytes: 1e6,
      });
      const chain = chainOver(
        sha256(chainGenesisInput(one.room)),
        page.map((entry) => ({ ...entry, body: toBase64Url(entry.body) as Ciphertext })),
      );
      expect(await again.log.chainAt(one.room, 3)).toEqual(chain);
      expect(await again.log.chainAt(one.room, 4)).toBeUndefined();
      expect(await again.rooms.state(one.room)).toMatchObject({ head: 3 });
    });

    test('[M2] [attack 27] a message whose claims do not hold is not taken, and uses up no counter', async () => {
      const { folder, store, people } = await fresh();
      const [ann, ben] = people;
      const one = makeEpoch([ann, ben], null);
      await store.rooms.commitEpoch(one);
      const chain = await store.log.chainAt(one.room, 1);
      if (!chain) throw new Error('the first entry has a chain hash');
      const seen = { position: 1, chain };
      const claim = (from: NewAccount, change: object) => ({
        ...send(one.room, from),
        claims: { seen, counter: 5, list: 1, ...change },
      });
      const take = async (of: Store, ...appends: Parameters<Store['log']['append']>[0]) =>
        (await of.log.append(appends, 1)).map(({ type }) => type);
      expect(
        await take(
          store,
          claim(ann, { seen: { position: 1, chain: random(32) } }),
          claim(ann, { seen: { position: 2, chain } }),
          claim(ann, { list: 2 }),
          claim(ann, { list: 0 }),
          claim(ann, {}),
          claim(ann, {}),
          claim(ann, { counter: 4 }),
          claim(ann, { counter: 7 }),
          claim(ben, {}),
        ),
      ).toEqual([
        'false_seen',
        'false_seen',
        'wrong_list',
        'wrong_list',
        'appended',
        'old_counter',
        'old_counter',
        'appended',
        'appended',
      ]);
      const again = await open(folder);
      onTestFinished(() => again.close());
      expect(await take(again, claim(ann, { counter: 7 }), claim(ann, { counter: 8 }))).toEqual([
        'old_counter',
        'appended',
      ]);
      const two = makeEpoch([{ ...ann, list: await listed(again, ann, 2) }, ben], one);
      expect((await again.rooms.commitEpoch(two)).type).toBe('committed');
      expect(await again.rooms.standing(one.room, ann.account)).toEqual({ epoch: 2, list: 2 });
      const later = { counter: 9, epoch: 2 };
      expect(await take(again, { ...claim(ann, later), epoch: 2 })).toEqual(['wrong_list']);
      expect(await take(again, { ...claim(ann, { ...later, list: 2 }), epoch: 2 })).toEqual(['appended']);
    });

    test('pages take either end, within limits of entries and bytes', async () => {
      const { store, people } = await fresh();
      const [ann] = people;
      const { room } = await (async () => {
        const commit = makeEpoch([ann], null);
        await store.rooms.commitEpoch(commit);
        return commit;
      })();
      const bodies = Array.from({ length: 9 }, () => send(room, ann, 1, undefined, random(100)));
      await store.log.append(bodies, 1);
      const page = async (change: object) =>
        (
          await store.log.page({ room, from: 0, to: 10, take: 'oldest', limit: 99, maxBytes: 1e6, ...change })
        ).map(({ position }) => position);
      expect(await page({ from: 2, limit: 3 })).toEqual([3, 4, 5]);
      expect(await page({ take: 'newest', limit: 3 })).toEqual([8, 9, 10]);
      expect(await page({ take: 'newest', to: 5, maxBytes: 250 })).toEqual([4, 5]);
      expect(await page({ from: 1, maxBytes: 1 })).toEqual([2]);
      expect(await page({ from: 10 })).toEqual([]);
    });

    test('of receipts the newest of a device is kept, of members only', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const one = makeEpoch([ann], null);
      await store.rooms.commitEpoch(one);
      const receipt = (from: NewAccount, body: string) => ({
        room: one.room,
        account: from.account,
        device: from.key.device,
        body: body as Ciphertext,
      });
      await store.log.receipt([receipt(ann, 'a'), receipt(ann, 'b'), receipt(ben, 'c')]);
      expect(await store.log.receipts(one.room)).toEqual([receipt(ann, 'b')]);
    });
  });

  describe(`${name}: archive`, () => {
    const entry = (number: number) => ({
      room: ROOM,
      header: headerHash(sha256(new Uint8Array([number]))),
      body: text<Ciphertext>(48),
    });

    test('[M5] entries come back in the order they came, page by page, to their account only', async () => {
      const { folder, store, people } = await fresh();
      const [ann, ben] = people;
      const entries = [entry(1), entry(2), entry(3)];
      expect(await store.archive.put(ann.account, entries.slice(0, 2), 9)).toBe(true);
      expect(await store.archive.put(ann.account, entries, 9)).toBe(true); // said again, with one more
      const first = await store.archive.page(ann.account, 0, 2);
      expect(first.entries).toEqual(entries.slice(0, 2));
      const again = await open(folder);
      onTestFinished(() => again.close());
      const rest = await again.archive.page(ann.account, first.next ?? 0, 2);
      expect(rest).toEqual({ entries: entries.slice(2), next: null });
      expect(await again.archive.page(ann.account, 0, 3)).toEqual({ entries, next: null });
      expect(await again.archive.page(ben.account, 0, 3)).toEqual({ entries: [], next: null });
    });

    test('[M5] of a header the newest stays, behind what others have read', async () => {
      const { store, people } = await fresh();
      const [ann] = people;
      const [one, two] = [entry(1), entry(2)];
      await store.archive.put(ann.account, [one, two], 9);
      const { next } = await store.archive.page(ann.account, 0, 1);
      const newer = entry(1);
      expect(await store.archive.put(ann.account, [entry(1), newer], 9)).toBe(true);
      expect((await store.archive.page(ann.account, next ?? 0, 9)).entries).toEqual([two, newer]);
      const last = entry(2);
      await store.archive.put(ann.account, [last], 9);
      expect((await store.archive.page(ann.account, 0, 9)).entries).toEqual([newer, last]);
    });

    test('[attack 37] beyond the limit nothing is stored; what is there can still be replaced', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      await store.archive.put(ann.account, [entry(1), entry(2)], 3);
      expect(await store.archive.put(ann.account, [entry(3), entry(4)], 3)).toBe(false);
      expect((await store.archive.page(ann.account, 0, 9)).entries).toHaveLength(2);
      expect(await store.archive.put(ann.account, [entry(3)], 3)).toBe(true);
      expect(await store.archive.put(ann.account, [entry(1), entry(2)], 3)).toBe(true);
      expect(await store.archive.put(ann.account, [entry(5)], 3)).toBe(false);
      expect(await store.archive.put(ben.account, [entry(1)], 3)).toBe(true);
    });
  });

  describe(`${name}: delivery`, () => {
    const terms = { now: 10, since: 5, limits: { device: 2, account: 3 } };
    const wrapOf = (header: HeaderHash) => ({ header, body: text<Ciphertext>() });

    test('[R6] requests stay until answered; what is not asked for is left alone (attack 27)', async () => {
      const { store, people } = await fresh();
      const [ann, ben] = people;
      const one = makeEpoch([ann, ben], null);
      await store.rooms.commitEpoch(one);
      const header = headerHash(one.hash);
      const asker = { room: one.room, account: ben.account, device: ben.device };
      const { delivery } = store;
      expect(await delivery.answer(asker, ben.key.hash, [wrapOf(header)])).toEqual([]);
      expect(await delivery.ask(asker, [header], terms)).toBe('asked');
      expect(await delivery.ask(asker, [header], { ...terms, now: 11 })).toBe('asked');
      expect(await delivery.asked(asker, 11)).toEqual([header]);
      expect(await delivery.asked(asker, 12)).toEqual([]);
      expect(await delivery.asked({ ...asker, account: ann.account }, 5)).toEqual([]);
      const wrap = wrapOf(header);
      expect(await delivery.answer(asker, 'old', [wrap])).toBe('stale_key');
      const kept = { room: one.room, epoch: 1, key: ben.key.hash, ...wrap };
      const foreign = wrapOf(headerHash(random(32)));
      expect(await delivery.answer(asker, ben.key.hash, [foreign, wrap])).toEqual([kept]);
      expect(await delivery.asked(asker, 5)).toEqual([]);
      expect(await delivery.answer(asker, ben.key.hash, [wrapOf(header)])).toEqual([]);
      expect(await delivery.wraps(ben.account, ben.device)).toEqual([kept]);
      await delivery.forgetWrap(headerHash(random(32)), ben.account, ben.device);
      expect(await delivery.wraps(ben.account, ben.device)).toHaveLength(1);
      await delivery.forgetWrap(header, ben.account, ben.device);
      expect(await delivery.wraps(ben.account, ben.device)).toEqual([]);
    });

    test('[R6] [attack 50] asked for by who stood in them; so many at a time, and for so long', async () => {
      const { store, people } = await fresh();
      const [ann, ben, cat] = people;
      const one = makeEpoch([ann, ben], null);
      const two = makeEpoch([ann, ben, cat], one);
      const other = makeEpoch([ann, ben], null);
      for (const commit of [one, two, other]) await store.rooms.commitEpoch(commit);
      const [first, second] = [headerHash(one.hash), headerHash(two.hash)];
      const { delivery } = store;
      const from = (who: typeof ann, room = one.room) => ({ room, account: who.account, device: who.device });
      expect(await delivery.ask(from(cat), [first, second], terms)).toBe('not_entitled');
      // Attack 42: a header is one of this room, or it is none.
      expect(await delivery.ask(from(ben), [headerHash(other.hash)], terms)).toBe('not_entitled');
      expect(await delivery.ask(from(ben), [headerHash(random(32))], terms)).toBe('not_entitled');
      const tight = { ...terms, limits: { device: 1, account: 3 } };
      expect(await delivery.ask(from(ben), [first, second], tight)).toBe('limit');
      expect(await delivery.asked(from(ben), 5)).toEqual([]);
      expect(await delivery.ask(from(ben), [first, second], terms)).toBe('asked');
      expect(await delivery.asked(from(ben), 5)).toEqual([second, first]);
      const full = { ...terms, limits: { device: 2, account: 2 } };
      const elsewhere = from(ben, other.room);
      expect(await delivery.ask(elsewhere, [headerHash(other.hash)], full)).toBe('limit');
      expect(await delivery.ask(elsewhere, [headerHash(other.hash)], terms)).toBe('asked');
      // What is too old makes room.
      expect(await delivery.ask(elsewhere, [headerHash(other.hash)], { ...full, now: 20, since: 11 })).toBe(
        'asked',
      );
      expect(await delivery.asked(from(ben), 0)).toEqual([]);
    });

    test('[R6] who may help: members by what they stood in, but those that lack the same', async () => {
      const { store, people } = await fresh();
      const [ann, ben, cat] = people;
      const one = makeEpoch([ann, ben], null);
      const two = makeEpoch([ann, ben, cat], one);
      for (const commit of [one, two]) await store.rooms.commitEpoch(commit);
      await store.rooms.accept(one.room, ben.account, 10);
      const [first, second] = [headerHash(one.hash), headerHash(two.hash)];
      const from = ({ account, device }: typeof ann) => ({ room: one.room, account, device });
      const { delivery } = store;
      const ask = (who: typeof ann, headers: HeaderHash[]) => delivery.ask(from(who), headers, terms);
      await ask(ben, [first, second]);
      await ask(cat, [second]);
      const { members, lacking } = await delivery.helpers(from(ben), 5);
      expect(new Map(members.map(({ account, stands }) => [account, stands]))).toEqual(
        new Map([
          [ann.account, 2],
          [ben.account, 2],
          [cat.account, null], // has not accepted yet
        ]),
      );
      expect(lacking).toEqual([{ account: ben.account, device: ben.device }]);
      const both = [ben, cat].map(({ account, device }) => ({ account, device }));
      const same = (await delivery.helpers(from(cat), 5)).lacking;
      expect(same).toHaveLength(2);
      expect(same).toEqual(expect.arrayContaining(both));
      const askers = await delivery.askers(ann.account, ann.device, 5, 9);
      expect(askers).toHaveLength(2);
      expect(askers).toEqual(expect.arrayContaining([from(ben), from(cat)]));
      expect(await delivery.askers(ann.account, ann.device, 5, 1)).toHaveLength(1);
      expect(await delivery.askers(ben.account, ben.device, 5, 9)).toEqual([from(cat)]);
      expect(await delivery.askers(ann.account, ann.device, 11, 9)).toEqual([]);
    });
  });
}

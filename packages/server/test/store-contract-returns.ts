import {
  type AccountId,
  type Ciphertext,
  type DeviceId,
  type HeaderHash,
  type Signed,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AccountReset, NewAccount, NewList, Store } from '../src/store/store.ts';
import { makeFolder } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

const text = <T = string>(bytes = 8) => toBase64Url(random(bytes)) as T;

const makeList = (
  version: number,
  devices = [{ device: randomId<DeviceId>(), signing: text() }],
): NewList => ({
  version,
  signed: text<Signed>(),
  hash: text(),
  devices,
});

const keyOf = ({ devices }: NewList) => ({
  device: devices[0]?.device ?? randomId<DeviceId>(),
  key: text<Signed>(),
  hash: text(),
  notBefore: 1,
});

function makeAccount(change: Partial<NewAccount> = {}): NewAccount {
  const list = makeList(1);
  const shown = text();
  const small = shown.toLowerCase();
  const name = { name: shown, folded: small, written: shown, small };
  return { account: randomId<AccountId>(), name, list, key: keyOf(list), password: null, ...change };
}

const makeVault = () => ({
  version: 1,
  body: text<Ciphertext>(),
  password: text<Ciphertext>(80),
  phrase: null,
});

/** What every store does where people come back without their keys, or to a server that lost theirs (D8). */
export function returnsContract(name: string, open: (folder: string) => Promise<Store>): void {
  async function fresh() {
    const store = await open(await makeFolder());
    onTestFinished(() => store.close());
    const ann = makeAccount();
    expect(await store.accounts.create(ann)).toBe('created');
    return { store, ann };
  }

  const resetOf = ({ account, name, list }: NewAccount, code: string, change: Partial<AccountReset> = {}) => {
    const next = makeList(2);
    const more = { list: next, previous: list.hash, key: keyOf(next), record: text(), vault: makeVault() };
    return { account, name, code, ...more, ...change };
  };

  describe(`${name}: the window for coming back`, () => {
    test('[attack 46] is shut from the beginning, open until its time, and shut when the operator says so', async () => {
      const { restores } = (await fresh()).store;
      expect(await restores.window(0)).toBeUndefined();
      await restores.setWindow({ until: 1_000, bytes: 10 });
      expect(await restores.window(999)).toEqual({ until: 1_000, bytes: 10 });
      expect(await restores.window(1_000)).toBeUndefined();
      await restores.setWindow({ until: 3_000, bytes: 10 });
      expect(await restores.window(1_000)).toMatchObject({ until: 3_000 });
      await restores.setWindow(null);
      expect(await restores.window(0)).toBeUndefined();
    });

    test('[attack 46] what is brought is counted for its account and for all, until another window opens', async () => {
      const { store, ann } = await fresh();
      const { restores } = store;
      const load = { rooms: 1, people: 0, entries: 2, bytes: 40 };
      const most = { rooms: 2, people: 1, entries: 9, bytes: 90 };
      expect(await restores.charge(ann.account, load, most)).toBe('all'); // no window, no room
      await restores.setWindow({ until: 1_000, bytes: 100 });
      expect(await restores.charge(ann.account, load, most)).toBe('charged');
      expect(await restores.charge(ann.account, load, { ...most, entries: 3 })).toBe('account');
      expect(await restores.charge(ann.account, load, most)).toBe('charged');
      expect(await restores.charge(ann.account, load, most)).toBe('account');
      const ben = randomId<AccountId>();
      expect(await restores.charge(ben, load, most)).toBe('all');
      expect(await restores.charge(ben, { ...load, bytes: 20 }, most)).toBe('charged');
      await restores.setWindow({ until: 2_000, bytes: 100 });
      expect(await restores.charge(ann.account, load, most)).toBe('charged');
    });
  });

  describe(`${name}: starting over`, () => {
    test('[K4] a code is good until its time, once, and only the newest', async () => {
      const { store, ann } = await fresh();
      const { resets } = store;
      await resets.allow(ann.account, { hash: 'first', until: 1_000 });
      expect(await resets.allows(ann.account, 'first', 999)).toBe(true);
      expect(await resets.allows(ann.account, 'first', 1_000)).toBe(false);
      expect(await resets.allows(randomId<AccountId>(), 'first', 999)).toBe(false);
      await resets.allow(ann.account, { hash: 'second', until: 1_000 });
      expect(await resets.allows(ann.account, 'first', 999)).toBe(false);
      expect(await resets.reset(resetOf(ann, 'first'), 999)).toBe('bad_code');
      expect(await resets.reset(resetOf(ann, 'second'), 1_000)).toBe('bad_code');
      const done = resetOf(ann, 'second');
      expect(await resets.reset(done, 999)).toBe('reset');
      expect(await resets.reset(done, 5_000)).toBe('same'); // the answer was lost
      expect(await resets.reset(resetOf({ ...ann, list: done.list }, 'second'), 999)).toBe('bad_code');
    });

    test('[K4] what belonged to the old identity goes; its lists and its name stay', async () => {
      const { store, ann } = await fresh();
      const { account } = ann;
      const change = { vault: makeVault(), record: text(), recovery: text(32) };
      expect(await store.accounts.putVault(account, change)).toBe('stored');
      const entry = { room: randomId<never>(), header: text<HeaderHash>(32), body: text<Ciphertext>(48) };
      expect(await store.archive.put(account, [entry], 10)).toBe(true);
      await store.resets.allow(account, { hash: 'code', until: 1_000 });
      const done = resetOf(ann, 'code');
      expect(await store.resets.reset(done, 1)).toBe('reset');
      expect(await store.accounts.vault(account)).toEqual(done.vault);
      expect(await store.accounts.byName(ann.name.folded)).toMatchObject({
        account,
        kind: 'password',
        record: done.record,
        recovery: null,
      });
      expect(await store.archive.page(account, 0, 10)).toMatchObject({ entries: [] });
      expect((await store.devices.keys(account)).map(({ device }) => device)).toEqual([done.key.device]);
      expect((await store.devices.listsAfter(account, 0)).map(({ version }) => version)).toEqual([1, 2]);
      expect(await store.devices.versions()).toEqual(new Map([[account, 2]]));
      expect(await store.devices.listAt(account, 1)).toMatchObject({ hash: ann.list.hash });
    });

    test('[K3] the list follows the newest one, with a device that was never listed', async () => {
      const { store, ann } = await fresh();
      await store.resets.allow(ann.account, { hash: 'code', until: 1_000 });
      const wrong: Partial<AccountReset>[] = [
        { previous: text() },
        { list: makeList(3) },
        { list: makeList(2, [...ann.list.devices]) },
      ];
      for (const change of wrong) {
        expect(await store.resets.reset(resetOf(ann, 'code', change), 1)).toBe('conflict');
      }
      expect(await store.devices.newest(ann.account)).toMatchObject({ version: 1 });
      expect(await store.resets.allows(ann.account, 'code', 1)).toBe(true);
    });
  });

  describe(`${name}: coming back`, () => {
    test('[K3] an account comes back with all its lists, once, under a name that is free', async () => {
      const { store, ann } = await fresh();
      const ben = makeAccount();
      const list = makeList(2, [...ben.list.devices, ...makeList(2).devices]);
      const back = {
        ...ben,
        earlier: [ben.list],
        list,
        key: keyOf(list),
        password: { record: text(), vault: makeVault() },
        recovery: text(32),
      };
      expect(await store.accounts.restore({ ...back, name: ann.name })).toBe('name_taken');
      expect(await store.accounts.restore({ ...back, account: ann.account })).toBe('id_reused');
      expect(await store.accounts.restore(back)).toBe('created');
      expect(await store.accounts.restore(back)).toBe('same');
      expect(await store.accounts.restore({ ...back, list: makeList(2) })).toBe('id_reused');
      expect(await store.accounts.get(ben.account)).toMatchObject({
        kind: 'password',
        recovery: back.recovery,
      });
      expect((await store.devices.listsAfter(ben.account, 0)).map(({ hash }) => hash)).toEqual([
        ben.list.hash,
        list.hash,
      ]);
    });

    test('lists of absent people grow, never change, and give way to the people themselves', async () => {
      const { store, ann } = await fresh();
      const ben = makeAccount();
      const { account } = ben;
      const second = makeList(2);
      const keep = (lists: readonly NewList[]) => store.devices.keepAbsent([{ account, lists }]);
      await keep([ben.list]);
      expect(await store.accounts.get(account)).toBeUndefined();
      await keep([makeList(1), makeList(2)]); // another history
      expect(await store.devices.newest(account)).toMatchObject({ hash: ben.list.hash });
      await keep([ben.list, second]);
      await keep([ben.list]);
      expect(await store.devices.newest(account)).toMatchObject({ hash: second.hash });
      expect(await store.accounts.create(ben)).not.toBe('created'); // only a chain of lists brings it back
      // Who is here already is nobody's to describe.
      await store.devices.keepAbsent([{ account: ann.account, lists: [ann.list, second] }]);
      expect(await store.devices.newest(ann.account)).toMatchObject({ version: 1 });
      // Attack 46: devices are of an account; naming them in another list keeps nobody out.
      const squatter = { account: randomId<AccountId>(), lists: [makeList(1, [...ben.list.devices])] };
      await store.devices.keepAbsent([squatter]);

      const own = makeList(2);
      const password = { record: text(), vault: makeVault() };
      const back = { ...ben, earlier: [ben.list], list: own, key: keyOf(own), password, recovery: text(32) };
      expect(await store.accounts.restore(back)).toBe('created');
      expect(await store.devices.newest(account)).toMatchObject({ hash: own.hash });
    });
  });
}

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

/** What every store does where people start over without their keys (D8). */
export function resetsContract(name: string, open: (folder: string) => Promise<Store>): void {
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
}

import {
  type AccountId,
  type DeviceId,
  type FileId,
  LIMITS,
  type MessageId,
  type RoomId,
  type Signed,
  toBase64Url,
} from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { NewFile, Store } from '../src/store/store.ts';
import { makeFolder } from './support/server.ts';
import { newGroupId, random, randomId, sha256 } from './support/signing.ts';

const NO_BOUNDS = { quota: null, unfinished: 100 };

/** What every store does with files (D8, M6). */
export function fileStoreContract(name: string, open: (folder: string) => Promise<Store>): void {
  async function fresh() {
    const folder = await makeFolder();
    const store = await open(folder);
    onTestFinished(() => store.close());
    return { store, ann: randomId<AccountId>(), ben: randomId<AccountId>(), room: newGroupId() };
  }

  const newFile = (account: AccountId, room: RoomId, size = 100): NewFile => ({
    file: randomId<FileId>(),
    device: randomId<DeviceId>(),
    account,
    room,
    size,
  });

  describe(`${name}: files`, () => {
    test('are announced once; the same again is the same; anything else under the id is refused', async () => {
      const { store, ann, ben, room } = await fresh();
      const file = newFile(ann, room);
      expect(await store.files.get(file.file)).toBeUndefined();
      expect(await store.files.announce(file, 5, NO_BOUNDS)).toBe('announced');
      const stored = { ...file, received: 0, touched: 5, completed: null, position: null };
      expect(await store.files.get(file.file)).toEqual(stored);
      const again = { ...file, device: randomId<DeviceId>() };
      expect(await store.files.announce(again, 6, { quota: 0, unfinished: 0 })).toBe('same');
      for (const change of [{ account: ben }, { room: newGroupId() }, { size: 101 }]) {
        expect(await store.files.announce({ ...file, ...change }, 6, NO_BOUNDS)).toBe('id_reused');
      }
      expect(await store.files.get(file.file)).toEqual(stored);
    });

    test('[attack 37] bounds count what was announced, per account', async () => {
      const { store, ann, ben, room } = await fresh();
      const bounds = { quota: 250, unfinished: 2 };
      const first = newFile(ann, room);
      expect(await store.files.announce(first, 1, bounds)).toBe('announced');
      expect(await store.files.announce(newFile(ann, room, 151), 1, bounds)).toBe('quota');
      expect(await store.files.announce(newFile(ann, room, 50), 1, bounds)).toBe('announced');
      expect(await store.files.announce(newFile(ann, room, 1), 1, bounds)).toBe('limit');
      expect(await store.files.announce(newFile(ben, room, 250), 1, bounds)).toBe('announced');
      await store.files.complete(first.file, 2);
      expect(await store.files.announce(newFile(ann, room, 100), 1, bounds)).toBe('announced');
      expect([await store.files.usage(ann), await store.files.usage(ben)]).toEqual([250, 250]);
      expect(await store.files.usage(randomId<AccountId>())).toBe(0);
    });

    test('progress, completion and removal; what is gone stays gone', async () => {
      const { store, ann, ben, room } = await fresh();
      const { file } = newFile(ann, room);
      const row = { ...newFile(ann, room), file };
      await store.files.announce(row, 1, NO_BOUNDS);
      await store.files.progress(file, 40, 2);
      expect(await store.files.get(file)).toMatchObject({ received: 40, touched: 2, completed: null });
      expect(await store.files.total()).toEqual({ files: 1, bytes: 40 });
      expect(await store.files.complete(file, 3)).toBe(true);
      expect(await store.files.complete(file, 4)).toBe(true);
      const complete = { ...row, received: 100, touched: 4, completed: 3, position: null };
      expect(await store.files.get(file)).toEqual(complete);
      expect(await store.files.known([file, randomId<FileId>()])).toEqual([file]);
      expect(await store.files.remove(file, ben)).toBeUndefined();
      expect(await store.files.remove(file, ann)).toEqual(complete);
      expect(await store.files.remove(file, ann)).toBeUndefined();
      await store.files.progress(file, 50, 5);
      expect(await store.files.complete(file, 5)).toBe(false);
      expect(await store.files.get(file)).toBeUndefined();
      expect(await store.files.total()).toEqual({ files: 0, bytes: 0 });
    });

    test('[D3] are bound by the append of their message, all or none, once', async () => {
      const { store, ann, ben, room } = await fresh();
      const device = randomId<DeviceId>();
      await makeRoom(store, room, [ann, ben], device);
      const files = [newFile(ann, room), newFile(ann, room), newFile(ann, room)] as const;
      for (const file of files) await store.files.announce(file, 1, NO_BOUNDS);
      const [one, two, three] = files.map(({ file }) => file) as [FileId, FileId, FileId];
      await store.files.complete(one, 2);
      await store.files.complete(two, 2);
      const message = (...wanted: FileId[]) => ({
        room,
        account: ann,
        device,
        id: randomId<MessageId>(),
        epoch: 1,
        body: random(20),
        files: wanted,
      });
      const first = message(one, two);
      const results = await store.log.append([message(one, three), first, message(two)], 10);
      expect(results.map(({ type }) => type)).toEqual(['file_missing', 'appended', 'file_missing']);
      const [, bound] = results;
      const position = bound?.type === 'appended' ? bound.position : 0;
      expect(position).toBe(2);
      expect(await store.files.get(one)).toMatchObject({ position });
      expect(await store.files.get(three)).toMatchObject({ position: null });
      expect(await store.log.append([first], 11)).toMatchObject([{ type: 'repeated', position }]);
      await store.files.remove(one, ann);
      expect(await store.log.append([first], 12)).toMatchObject([{ type: 'repeated', position }]);
      // Of another account, another room, another epoch: nothing is bound.
      await store.files.complete(three, 3);
      const refused = await store.log.append(
        [
          { ...message(three), account: ben },
          { ...message(three), epoch: 2 },
        ],
        13,
      );
      expect(refused.map(({ type }) => type)).toEqual(['file_missing', 'stale_epoch']);
      expect(await store.files.get(three)).toMatchObject({ position: null });
    });

    test('loose ones are those of no message, untouched for long; what is bound meanwhile stays', async () => {
      const { store, ann, room } = await fresh();
      const device = randomId<DeviceId>();
      await makeRoom(store, room, [ann], device);
      const files = [newFile(ann, room), newFile(ann, room), newFile(ann, room)] as const;
      for (const [index, file] of files.entries()) await store.files.announce(file, index + 1, NO_BOUNDS);
      const [one, two, three] = files.map(({ file }) => file) as [FileId, FileId, FileId];
      expect(await store.files.loose(3, 10)).toEqual([one, two]);
      expect(await store.files.loose(3, 1)).toEqual([one]);
      await store.files.complete(one, 1);
      const send = { room, account: ann, device, id: randomId<MessageId>(), epoch: 1, body: random(20) };
      expect(await store.log.append([{ ...send, files: [one] }], 9)).toMatchObject([{ type: 'appended' }]);
      expect(await store.files.removeLoose(one, 3)).toBeUndefined();
      await store.files.progress(two, 5, 3);
      expect(await store.files.removeLoose(two, 3)).toBeUndefined();
      expect(await store.files.removeLoose(three, 4)).toMatchObject({ file: three });
      expect(await store.files.loose(100, 10)).toEqual([two]);
    });
  });
}

/** Accounts with one device each, and their room. */
async function makeRoom(store: Store, room: RoomId, members: readonly AccountId[], device: DeviceId) {
  const text = () => toBase64Url(random(8));
  for (const account of members) {
    const own = account === members[0] ? device : randomId<DeviceId>();
    const made = await store.accounts.create({
      account,
      name: { name: account, folded: account, written: account, small: account },
      list: {
        version: 1,
        signed: text() as Signed,
        hash: account,
        devices: [{ device: own, signing: text() }],
      },
      key: { device: own, key: text() as Signed, hash: text(), notBefore: 1 },
      password: null,
    });
    expect(made).toBe('created');
  }
  const [account] = members as [AccountId, ...AccountId[]];
  const signed = random(80);
  const made = await store.rooms.commitEpoch({
    room,
    epoch: 1,
    signed,
    hash: sha256(signed),
    previous: null,
    author: { account, device },
    id: randomId<MessageId>(),
    time: 1,
    at: 1,
    history: 'joined',
    seen: 0,
    members: members.map((one) => ({ account: one, list: 1, listHash: one })),
    invites: [],
    wraps: [],
    limits: LIMITS,
  });
  expect(made).toMatchObject({ type: 'committed', position: 1 });
}

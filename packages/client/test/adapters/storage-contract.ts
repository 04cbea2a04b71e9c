import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Key,
  type KeyRange,
  type Storage,
  StorageError,
  type StorageHost,
  type StoredProfile,
} from '../../src/seams/storage.ts';

/**
 * What every store must do.
 * @param makeHost a host with nothing in it
 */
export function describeStorage(name: string, makeHost: () => Promise<StorageHost>): void {
  describe(`storage contract: ${name}`, () => {
    const account = 'AAAAAAAAAAAAAAAAAAAAAA';
    let host: StorageHost;
    let storage: Storage;
    const opened: Storage[] = [];

    const open = async (of = account) => {
      const fresh = await host.open(of);
      opened.push(fresh);
      return fresh;
    };
    const put = (key: Key, row: unknown) =>
      storage.transaction(['entries'], 'write', (transaction) => transaction.put('entries', key, row));
    const get = (key: Key, from = storage) =>
      from.transaction(['entries'], 'read', (transaction) => transaction.get<unknown>('entries', key));
    const range = (of: KeyRange, from = storage) =>
      from.transaction(['entries'], 'read', (transaction) => transaction.range<unknown>('entries', of));
    const failure = (promise: Promise<unknown>) =>
      promise.then(
        () => undefined,
        (error: unknown) => error,
      );
    const fill = (keys: readonly Key[]) =>
      storage.transaction(['entries'], 'write', async (transaction) => {
        for (const key of keys) await transaction.put('entries', key, key);
      });

    beforeEach(async () => {
      host = await makeHost();
      storage = await open();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((each) => each.close()));
      await host.erase(account);
    });

    it('keeps rows as structured clones, with byte arrays that own their memory', async () => {
      const row = {
        text: 'naïve 🙂 \u0000 \ud800',
        bytes: new Uint8Array([0, 255, 7]),
        nested: [{ time: new Date(5), missing: undefined, nothing: null }],
        map: new Map([['a', new Set([1n])]]),
      };
      await put(['room', 1], row);
      const found = (await get(['room', 1])) as typeof row;
      expect(found).toEqual(row);
      expect(Object.getPrototypeOf(found.bytes)).toBe(Uint8Array.prototype);
      expect(found.bytes.buffer.byteLength).toBe(3);
    });

    it('replaces and deletes rows, and answers undefined for none', async () => {
      await put(['a'], 1);
      await put(['a'], 2);
      expect(await get(['a'])).toBe(2);
      await storage.transaction(['entries'], 'write', (transaction) => transaction.delete('entries', ['a']));
      expect(await get(['a'])).toBeUndefined();
      await storage.transaction(['entries'], 'write', (transaction) => transaction.delete('entries', ['a']));
    });

    it('[E2] writes all tables of a transaction or none: work that throws leaves nothing', async () => {
      await put(['kept'], 'before');
      const problem = new Error('the work changed its mind');
      const thrown = await failure(
        storage.transaction(['entries', 'rooms'], 'write', async (transaction) => {
          await transaction.put('entries', ['kept'], 'after');
          await transaction.put('rooms', ['new'], 1);
          expect(await transaction.get('rooms', ['new'])).toBe(1);
          throw problem;
        }),
      );
      expect(thrown).toBe(problem);
      expect(await get(['kept'])).toBe('before');
      const room = await storage.transaction(['rooms'], 'read', (transaction) =>
        transaction.get('rooms', ['new']),
      );
      expect(room).toBeUndefined();
    });

    it('[E2] a failed operation undoes the transaction even where nobody awaited it', async () => {
      const thrown = await failure(
        storage.transaction(['entries'], 'write', async (transaction) => {
          await transaction.put('entries', ['a'], 1);
          void transaction.put('entries', ['b'], () => 'a function cannot be stored');
        }),
      );
      expect(thrown).toBeInstanceOf(Error);
      expect(await get(['a'])).toBeUndefined();
    });

    it('refuses tables outside the transaction and writes in a read', async () => {
      const outside = storage.transaction(['entries'], 'write', (transaction) =>
        transaction.get('rooms', ['a']),
      );
      expect(await failure(outside)).toMatchObject({ name: 'StorageError', code: 'broken' });
      const write = storage.transaction(['entries'], 'read', (transaction) =>
        transaction.put('entries', ['a'], 1),
      );
      expect(await failure(write)).toMatchObject({ name: 'StorageError', code: 'broken' });
      expect(await get(['a'])).toBeUndefined();
    });

    it('refuses operations of a transaction that is over', async () => {
      const kept = await storage.transaction(['entries'], 'write', async (transaction) => ({ transaction }));
      const late = await failure(kept.transaction.put('entries', ['late'], 1));
      expect(late).toBeInstanceOf(StorageError);
      expect(await get(['late'])).toBeUndefined();
    });

    it('[E4] isolates concurrent increments, from two openings of one account', async () => {
      const other = await open();
      const increment = (of: Storage) =>
        of.transaction(['meta'], 'write', async (transaction) => {
          const count = (await transaction.get<number>('meta', ['count'])) ?? 0;
          await transaction.put('meta', ['count'], count + 1);
        });
      await Promise.all(Array.from({ length: 20 }, (_, index) => increment(index % 2 ? storage : other)));
      const count = await other.transaction(['meta'], 'read', (transaction) =>
        transaction.get('meta', ['count']),
      );
      expect(count).toBe(20);
    });

    it('orders keys by component: numbers by value, then texts by UTF-16 code unit, shorter first', async () => {
      const ordered: readonly Key[] = [
        [Number.NEGATIVE_INFINITY],
        [-1e300],
        [-2],
        [-1.5],
        [0],
        [0, 1],
        [0, 1, ''],
        [Number.MIN_VALUE],
        [0.5],
        [1],
        [2],
        [10],
        [255],
        [256],
        [Number.MAX_SAFE_INTEGER - 1],
        [Number.MAX_SAFE_INTEGER],
        [Number.POSITIVE_INFINITY],
        [''],
        ['', 0],
        ['', ''],
        ['\u0000'],
        ['\u0000', 5],
        ['\u0000\u0000'],
        ['\u0000a'],
        ['\u0001'],
        ['A'],
        ['a'],
        ['a', -1],
        ['a', 3],
        ['a', 'a'],
        ['a\u0000'],
        ['aa'],
        ['b'],
        ['ÿ'],
        ['Ā'],
        ['🙂'],
        ['\uffff'],
      ];
      // Put in an order that is neither sorted nor reversed.
      await fill([...ordered].sort((a, b) => hash(a) - hash(b)));
      expect(await range({ prefix: [] })).toEqual(ordered);
      expect(await range({ prefix: [], order: 'descending' })).toEqual([...ordered].reverse());
    });

    it('treats 0 and -0 as one key', async () => {
      await put([-0], 'a');
      await put([0], 'b');
      expect(await range({ prefix: [] })).toEqual(['b']);
    });

    it('ranges over a prefix take exactly the rows that start with it', async () => {
      await fill([['r'], ['r', 1], ['r', 1, 'x'], ['r', 'z'], ['r\u0000', 1], ['ra', 1], ['q', 9], [7]]);
      expect(await range({ prefix: ['r'] })).toEqual([['r'], ['r', 1], ['r', 1, 'x'], ['r', 'z']]);
      expect(await range({ prefix: ['r', 1] })).toEqual([
        ['r', 1],
        ['r', 1, 'x'],
      ]);
      expect(await range({ prefix: ['none'] })).toEqual([]);
    });

    it('ranges keep both bounds, in both orders, with limits', async () => {
      await fill(Array.from({ length: 12 }, (_, index) => ['r', index + 1]));
      await fill([
        ['q', 5],
        ['s', 5],
        ['r', 8, 'deeper'],
      ]);
      const positions = async (of: Omit<KeyRange, 'prefix'>) =>
        ((await range({ prefix: ['r'], ...of })) as Key[]).map((key) => key.slice(1).join('/'));
      expect(await positions({ from: 10 })).toEqual(['10', '11', '12']);
      expect(await positions({ to: 2 })).toEqual(['1', '2']);
      expect(await positions({ from: 7, to: 9 })).toEqual(['7', '8', '8/deeper', '9']);
      expect(await positions({ from: 7, to: 8 })).toEqual(['7', '8', '8/deeper']);
      expect(await positions({ from: 3, limit: 2 })).toEqual(['3', '4']);
      expect(await positions({ to: 11, order: 'descending', limit: 3 })).toEqual(['11', '10', '9']);
      expect(await positions({ from: 11, order: 'descending' })).toEqual(['12', '11']);
      expect(await positions({ order: 'descending', limit: 100 })).toHaveLength(13);
      expect(await positions({ from: 9, to: 8 })).toEqual([]);
      expect(await positions({ from: 9, to: 8, order: 'descending', limit: 1 })).toEqual([]);
      expect(await positions({ limit: 0 })).toEqual([]);
      expect(await positions({ limit: 0, order: 'descending' })).toEqual([]);
    });

    it('ranges over texts as bounds', async () => {
      await fill([
        ['r', 1],
        ['r', 'a'],
        ['r', 'b', 2],
        ['r', 'ba'],
      ]);
      expect(await range({ prefix: ['r'], from: 'a', to: 'b' })).toEqual([
        ['r', 'a'],
        ['r', 'b', 2],
      ]);
    });

    it('passes on what the work returns, and reads its own writes', async () => {
      const seen = await storage.transaction(['entries'], 'write', async (transaction) => {
        await Promise.all([1, 2, 3].map((n) => transaction.put('entries', ['r', n], n)));
        await transaction.delete('entries', ['r', 2]);
        return transaction.range<number>('entries', { prefix: ['r'] });
      });
      expect(seen).toEqual([1, 3]);
    });

    it('[E3] keeps what was acknowledged after closing and opening again', async () => {
      await put(['kept'], { bytes: new Uint8Array([1, 2]) });
      await storage.close();
      expect(await failure(put(['lost'], 1))).toMatchObject({ name: 'StorageError', code: 'gone' });
      storage = await open();
      expect(await get(['kept'])).toEqual({ bytes: new Uint8Array([1, 2]) });
      expect(await get(['lost'])).toBeUndefined();
    });

    it('[E4] keeps accounts apart', async () => {
      const other = await open('BBBBBBBBBBBBBBBBBBBBBB');
      await put(['a'], 1);
      expect(await get(['a'], other)).toBeUndefined();
      await host.erase('BBBBBBBBBBBBBBBBBBBBBB');
      expect(await get(['a'])).toBe(1);
    });

    it('erases an account: open stores are gone, a new one is empty', async () => {
      await host.saveProfile(profile(account, 1));
      await put(['a'], 1);
      await host.erase(account);
      expect(await failure(put(['b'], 2))).toMatchObject({ name: 'StorageError', code: 'gone' });
      expect(await failure(get(['a']))).toMatchObject({ name: 'StorageError', code: 'gone' });
      expect(await host.profiles()).toEqual([]);
      expect(await range({ prefix: [] }, await open())).toEqual([]);
    });

    it('lists profiles, last used first, and replaces them', async () => {
      const [a, b] = [profile(account, 10), profile('BBBBBBBBBBBBBBBBBBBBBB', 20)];
      expect(await host.profiles()).toEqual([]);
      await host.saveProfile(a);
      await host.saveProfile(b);
      expect(await host.profiles()).toEqual([b, a]);
      const used = { ...a, kind: 'password' as const, lastUsed: 30 };
      await host.saveProfile(used);
      expect(await host.profiles()).toEqual([used, b]);
      await host.saveProfile({ ...b, unfinished: true });
      expect(await host.profiles()).toEqual([used, { ...b, unfinished: true }]);
      await host.saveProfile(b);
      expect(await host.profiles()).toEqual([used, b]);
      await host.erase(b.account);
      expect(await host.profiles()).toEqual([used]);
    });
  });
}

function profile(account: string, lastUsed: number): StoredProfile {
  return { account, name: 'Zoë', kind: 'guest', identity: new Uint8Array(32).fill(lastUsed), lastUsed };
}

/** Any fixed number per key that has nothing to do with its order. */
function hash(key: Key): number {
  let value = 7;
  for (const character of JSON.stringify(key)) value = (value * 31 + character.charCodeAt(0)) % 1009;
  return value;
}

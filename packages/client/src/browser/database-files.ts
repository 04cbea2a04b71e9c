import type { Bytes } from '@sotto/protocol';
import { type DBSchema, deleteDB, type IDBPDatabase } from 'idb';
import type { SealedFiles } from '../seams/sealed-files.ts';
import { asStorageError, erased } from './indexed-db-errors.ts';
import { spaceLeft } from './origin-files.ts';
import { withDatabase } from './with-database.ts';

const PART = 1_048_576;

interface Schema extends DBSchema {
  /** Key: [name, index]. All parts of a file but the last are `PART` bytes. */
  parts: { key: [string, number]; value: Bytes };
}

type Database = IDBPDatabase<Schema>;

const withParts = withDatabase<Schema>('parts');

const allOf = (name: string) => IDBKeyRange.bound([name, 0], [name, Number.MAX_SAFE_INTEGER]);

/** Sealed files in IndexedDB, for browsers whose private file system a page cannot write. */
export function databaseFiles(database: string): SealedFiles {
  const use = <T>(work: (opened: Database) => Promise<T>) => withParts(database, work);
  const lastOf = (name: string) =>
    use(async (opened) => {
      const cursor = await opened.transaction('parts').store.openCursor(allOf(name), 'prev');
      return cursor ? { index: cursor.key[1], bytes: cursor.value } : null;
    });
  return {
    async append(name) {
      const last = await lastOf(name);
      let index = last ? last.index : 0;
      let held: Bytes = last ? last.bytes : new Uint8Array(0);
      const store = () =>
        use(async (opened) => {
          await opened.put('parts', held, [name, index]);
        });
      return {
        async write(bytes) {
          for (let at = 0; at < bytes.length; ) {
            if (held.length === PART) {
              index += 1;
              held = new Uint8Array(0);
            }
            const taken = bytes.subarray(at, at + PART - held.length);
            const grown = new Uint8Array(held.length + taken.length);
            grown.set(held);
            grown.set(taken, held.length);
            held = grown;
            at += taken.length;
            if (held.length === PART) await store();
          }
        },
        close: store,
      };
    },
    async *read(name, from, to) {
      for (let at = from; at < to; ) {
        const part = await use((opened) => opened.get('parts', [name, Math.floor(at / PART)]));
        const start = at % PART;
        const bytes = part?.slice(start, Math.min(part.length, start + to - at));
        if (!bytes || bytes.length === 0) throw erased();
        at += bytes.length;
        yield bytes;
      }
    },
    async size(name) {
      const last = await lastOf(name);
      return last ? last.index * PART + last.bytes.length : 0;
    },
    delete: (name) => use((opened) => opened.delete('parts', allOf(name))),
    list: () => use(async (opened) => [...new Set((await opened.getAllKeys('parts')).map(([name]) => name))]),
    left: spaceLeft,
  };
}

export async function eraseDatabaseFiles(database: string): Promise<void> {
  try {
    await deleteDB(database);
  } catch (error) {
    throw asStorageError(error);
  }
}

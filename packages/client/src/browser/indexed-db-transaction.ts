import type { IDBPTransaction } from 'idb';
import type { Key, KeyRange, Table, Transaction } from '../seams/storage.ts';
import { assertInScope, type StorageScope } from '../storage-scope.ts';
import { asStorageError } from './indexed-db-errors.ts';

type OpenTransaction = IDBPTransaction<unknown, string[], 'readwrite'>;

/** The operations of one IndexedDB transaction. */
export class IndexedDbTransaction implements Transaction {
  readonly #open: OpenTransaction;
  readonly #scope: StorageScope;
  #failure: { readonly error: unknown } | undefined;

  constructor(open: IDBPTransaction<unknown, string[], IDBTransactionMode>, scope: StorageScope) {
    // The scope refuses writes in a read transaction before IndexedDB could.
    this.#open = open as OpenTransaction;
    this.#scope = scope;
  }

  /** What the first failed operation failed with: it fails the transaction, even if nobody awaited it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  get<Row>(table: Table, key: Key): Promise<Row | undefined> {
    return this.#run(table, 'read', async () => (await this.#store(table).get([...key])) as Row | undefined);
  }

  range<Row>(table: Table, range: KeyRange): Promise<Row[]> {
    return this.#run(table, 'read', async () => {
      const keys = keyRange(range);
      if (!keys || (range.limit !== undefined && range.limit < 1)) return [];
      if (range.order !== 'descending') {
        return (await this.#store(table).getAll(keys, range.limit)) as Row[];
      }
      if (range.limit === undefined) return ((await this.#store(table).getAll(keys)) as Row[]).reverse();
      return this.#newest<Row>(table, keys, range.limit);
    });
  }

  put<Row>(table: Table, key: Key, row: Row): Promise<void> {
    return this.#run(table, 'write', async () => {
      await this.#store(table).put(row, [...key]);
    });
  }

  delete(table: Table, key: Key): Promise<void> {
    return this.#run(table, 'write', async () => {
      await this.#store(table).delete([...key]);
    });
  }

  /** The last rows of the range, last first: a cursor, because `getAll` only reads from the start. */
  async #newest<Row>(table: Table, keys: IDBKeyRange, limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor = await this.#store(table).openCursor(keys, 'prev');
    while (cursor && rows.push(cursor.value as Row) < limit) cursor = await cursor.continue();
    return rows;
  }

  #run<T>(table: Table, access: 'read' | 'write', operation: () => Promise<T>): Promise<T> {
    const result = this.#attempt(table, access, operation);
    // The transaction reports it at its end where nobody awaits.
    result.catch(() => undefined);
    return result;
  }

  async #attempt<T>(table: Table, access: 'read' | 'write', operation: () => Promise<T>): Promise<T> {
    try {
      assertInScope(this.#scope, table, access);
      return await operation();
    } catch (error) {
      const failure = asStorageError(error);
      this.#failure ??= { error: failure };
      throw failure;
    }
  }

  #store(table: Table) {
    return this.#open.objectStore(table);
  }
}

/** @returns undefined where the bounds leave nothing (IndexedDB would throw) */
function keyRange({ prefix, from, to }: KeyRange): IDBKeyRange | undefined {
  const lower = from === undefined ? [...prefix] : [...prefix, from];
  // An array sorts after every number and text, so the empty one ends whatever starts with the rest.
  const upper = to === undefined ? [...prefix, []] : [...prefix, to, []];
  return indexedDB.cmp(lower, upper) > 0 ? undefined : IDBKeyRange.bound(lower, upper);
}

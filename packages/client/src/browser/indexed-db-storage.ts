import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import { type Storage, StorageError, TABLES, type Table, type Transaction } from '../seams/storage.ts';
import { asStorageError } from './indexed-db-errors.ts';
import { IndexedDbTransaction } from './indexed-db-transaction.ts';

/** Raised where TABLES grows: the upgrade adds what is missing. */
const VERSION = 4;

/** One account's rows in one IndexedDB database: an object store with out-of-line keys per table. */
export class IndexedDbStorage implements Storage {
  readonly #database: IDBPDatabase;

  private constructor(database: IDBPDatabase) {
    this.#database = database;
  }

  /** @throws StorageError 'blocked' where another tab holds an older version open */
  static async open(name: string): Promise<IndexedDbStorage> {
    const blocked = Promise.withResolvers<never>();
    const opening = openDB(name, VERSION, {
      upgrade(database) {
        for (const table of TABLES) {
          if (!database.objectStoreNames.contains(table)) database.createObjectStore(table);
        }
      },
      blocked: () =>
        blocked.reject(
          new StorageError('blocked', 'Another tab runs an older version of this app. Close or reload it.'),
        ),
      // Another tab erases or upgrades the store: letting go is the only way it can go on. Later
      // transactions here fail with 'gone'.
      blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
    });
    try {
      return new IndexedDbStorage(await Promise.race([opening, blocked.promise]));
    } catch (error) {
      // It may still open once the other tab is gone; nobody would use it then.
      opening.then(
        (database) => database.close(),
        () => undefined, // reported by the throw below
      );
      throw asStorageError(error);
    }
  }

  async transaction<T>(
    tables: readonly Table[],
    mode: 'read' | 'write',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    const open = this.#begin(tables, mode);
    const operations = new IndexedDbTransaction(open, { tables, mode });
    // Observed from the start: an abort while `work` runs must not become an unhandled rejection.
    const ending = open.done.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    let result: T;
    try {
      result = await work(operations);
      if (operations.failure) throw operations.failure.error;
    } catch (error) {
      abort(open);
      await ending;
      // One failed write aborts all that wait behind it; the first says why.
      throw error instanceof StorageError ? (operations.failure?.error ?? error) : error;
    }
    const failure = await ending;
    if (failure) throw asStorageError(failure.error);
    return result;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #begin(tables: readonly Table[], mode: 'read' | 'write') {
    try {
      // E3: 'strict' resolves once the rows are on disk, not once the system was told to write them.
      return mode === 'write'
        ? this.#database.transaction([...tables], 'readwrite', { durability: 'strict' })
        : this.#database.transaction([...tables], 'readonly');
    } catch (error) {
      throw asStorageError(error);
    }
  }
}

function abort(transaction: IDBPTransaction<unknown, string[], IDBTransactionMode>): void {
  try {
    transaction.abort();
  } catch (error) {
    // InvalidStateError: a failed operation aborted it already, which is what is wanted.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

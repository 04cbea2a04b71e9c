import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { clearImmediate, setImmediate } from 'node:timers';
import type { Locks } from '../seams/environment.ts';
import { type Storage, StorageError, TABLES, type Table, type Transaction } from '../seams/storage.ts';
import { LEFT_TRANSACTION } from '../storage-scope.ts';
import { asStorageError, gone } from './file-errors.ts';
import { FileTransaction } from './file-transaction.ts';
import { openPrivateDatabase } from './private-database.ts';
import { processLocks } from './process-locks.ts';
import type { RowSeal } from './row-seal.ts';

const SCHEMA = TABLES.map(
  (table) => `CREATE TABLE IF NOT EXISTS "${table}" (key BLOB PRIMARY KEY, row BLOB NOT NULL);`,
).join('\n');

/** One account's rows in one SQLite file. */
export class FileStorage implements Storage {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #inode: number;
  /** Every user of the file in this process takes turns: waiting inside SQLite would stop the process. */
  readonly #turns: Locks;
  readonly #rows: RowSeal;

  readonly #statements = new Map<string, StatementSync>();

  private constructor(path: string, turns: Locks, rows: RowSeal) {
    this.#path = path;
    this.#rows = rows;
    this.#turns = turns;
    this.#database = openPrivateDatabase(path, SCHEMA);
    this.#inode = statSync(path).ino;
  }

  /**
   * @param path absolute; the file is made where it is missing
   * @param rows seals and opens every row: keys, secrets and messages alike
   */
  static open(path: string, rows: RowSeal): Promise<FileStorage> {
    const turns = processLocks(path);
    return turns.exclusive('turn', async () => {
      try {
        return new FileStorage(path, turns, rows);
      } catch (error) {
        throw asStorageError(error);
      }
    });
  }

  transaction<T>(
    tables: readonly Table[],
    mode: 'read' | 'write',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#turns.exclusive('turn', async () => {
      const operations = new FileTransaction((sql) => this.#prepare(sql), this.#rows, { tables, mode });
      try {
        this.#assertPresent();
        this.#database.exec(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
        const result = await withinOneTurn(work(operations));
        operations.finish();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        operations.abandon();
        if (this.#database.isOpen && this.#database.isTransaction) this.#database.exec('ROLLBACK');
        throw asStorageError(error);
      }
    });
  }

  /** Waits for transactions that were begun. */
  close(): Promise<void> {
    return this.#turns.exclusive('turn', async () => {
      if (this.#database.isOpen) this.#database.close();
    });
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** An erased file lives on while it is open; what is written there would be lost without a word. */
  #assertPresent(): void {
    const present = statSync(this.#path, { throwIfNoEntry: false });
    if (!this.#database.isOpen || present?.ino !== this.#inode) throw gone();
  }
}

/**
 * IndexedDB commits as soon as `work` awaits something foreign. Here it fails instead: all operations answer
 * within one turn of the event loop, so work that is not done by then waits for something else.
 */
function withinOneTurn<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const turn = setImmediate(() => reject(new StorageError('broken', LEFT_TRANSACTION)));
    work.then(resolve, reject).finally(() => clearImmediate(turn));
  });
}

import type { StatementSync } from 'node:sqlite';
import { type Key, type KeyRange, StorageError, type Table, type Transaction } from '../seams/storage.ts';
import { assertInScope, LEFT_TRANSACTION, type StorageScope } from '../storage-scope.ts';
import { asStorageError } from './file-errors.ts';
import { encodeKey, encodeRange } from './key-encoding.ts';
import type { RowSeal } from './row-seal.ts';

/** The operations of one transaction on a SQLite file. */
export class FileTransaction implements Transaction {
  readonly #prepare: (sql: string) => StatementSync;
  readonly #scope: StorageScope;
  readonly #rows: RowSeal;
  #failure: { readonly error: unknown } | undefined;
  #over = false;

  constructor(prepare: (sql: string) => StatementSync, rows: RowSeal, scope: StorageScope) {
    this.#prepare = prepare;
    this.#rows = rows;
    this.#scope = scope;
  }

  get<Row>(table: Table, key: Key): Promise<Row | undefined> {
    return this.#run(table, 'read', () => {
      const encoded = encodeKey(key);
      const found = this.#prepare(`SELECT row FROM "${table}" WHERE key = ?`).get(encoded);
      return found && this.#rows.open<Row>(table, encoded, bytesOf(found.row));
    });
  }

  range<Row>(table: Table, range: KeyRange): Promise<Row[]> {
    return this.#run(table, 'read', () => {
      const { lower, upper } = encodeRange(range);
      const direction = range.order === 'descending' ? 'DESC' : 'ASC';
      const limit = range.limit === undefined ? -1 : Math.max(range.limit, 0);
      return this.#prepare(
        `SELECT key, row FROM "${table}" WHERE key >= ? AND key < ? ORDER BY key ${direction} LIMIT ?`,
      )
        .all(lower, upper, limit)
        .map((found) => this.#rows.open<Row>(table, bytesOf(found.key), bytesOf(found.row)));
    });
  }

  put<Row>(table: Table, key: Key, row: Row): Promise<void> {
    return this.#run(table, 'write', () => {
      const encoded = encodeKey(key);
      this.#prepare(
        `INSERT INTO "${table}" (key, row) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET row = excluded.row`,
      ).run(encoded, this.#rows.seal(table, encoded, row));
    });
  }

  delete(table: Table, key: Key): Promise<void> {
    return this.#run(table, 'write', () => {
      this.#prepare(`DELETE FROM "${table}" WHERE key = ?`).run(encodeKey(key));
    });
  }

  /** Ends the operations before the commit. @throws what an operation failed with, even if nobody awaited it */
  finish(): void {
    this.#over = true;
    if (this.#failure) throw this.#failure.error;
  }

  /** Ends the operations; `work` may still run and must not write into a later transaction. */
  abandon(): void {
    this.#over = true;
  }

  #run<T>(table: Table, access: 'read' | 'write', operation: () => T): Promise<T> {
    const result = this.#attempt(table, access, operation);
    // `finish` reports it where nobody awaits.
    result.catch(() => undefined);
    return result;
  }

  async #attempt<T>(table: Table, access: 'read' | 'write', operation: () => T): Promise<T> {
    try {
      if (this.#over) throw new StorageError('broken', LEFT_TRANSACTION);
      assertInScope(this.#scope, table, access);
      return operation();
    } catch (error) {
      const failure = asStorageError(error);
      this.#failure ??= { error: failure };
      throw failure;
    }
  }
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new StorageError('broken', `key, row: expected bytes, got ${typeof value}`);
}

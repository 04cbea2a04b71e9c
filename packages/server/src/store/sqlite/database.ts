import { hash } from 'node:crypto';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StoreError } from '../error.ts';
import type { Failed } from '../store.ts';
import { Durability } from './durability.ts';
import { MIGRATIONS } from './migrations.ts';

/** One SQLite file: prepared statements kept by text, and transactions. `settled` says when what was written is on disk. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #onRollback: (() => void)[] = [];
  readonly #durability: Durability;

  /** Opens, sets durability (D2), and brings the schema up to date. @throws StoreError */
  constructor(file: string, migrations: readonly string[] = MIGRATIONS) {
    this.#db = new DatabaseSync(file, { timeout: 5_000 });
    try {
      // `Checkpoints` does its work long before the journal has this length (64 MB).
      this.#db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 16000;',
      );
      this.#migrate(migrations);
      // D2: SQLite goes on to sync around checkpoints; each commit is synced by `Durability`.
      this.#db.exec('PRAGMA synchronous = NORMAL');
      this.#durability = new Durability(`${file}-wal`);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  iterate<Row>(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#prepare(sql).iterate(...values) as Iterable<Row>;
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    const { changes } = this.#prepare(sql).run(...values);
    if (!this.#db.isTransaction) this.#durability.wrote();
    return Number(changes);
  }

  /** All or nothing; on disk once `settled` says so. What `work` throws undoes everything. */
  transaction<T>(work: () => T): T {
    const result = this.#transaction(work);
    this.#durability.wrote();
    return result;
  }

  /**
   * All in one transaction; where that fails, each in one of its own: what breaks for one costs no other anything
   * (attack 40), and nothing is paid for that as long as nothing breaks.
   */
  together<Item, Result>(
    items: readonly Item[],
    work: (items: readonly Item[]) => readonly Result[],
  ): (Result | Failed)[] {
    try {
      return [...this.transaction(() => work(items))];
    } catch (error) {
      if (items.length === 1) return [{ type: 'failed', error }];
      return items.flatMap((item) => this.together([item], work));
    }
  }

  /** As `together`, where nothing comes of it. @throws the first failure, once all others are done */
  each<Item>(items: readonly Item[], work: (item: Item) => void): void {
    const failed = this.together(items, (some) => some.map((item) => work(item))).find(Boolean);
    if (failed) throw failed.error;
  }

  /** `forget` runs whenever a transaction was undone. */
  onRollback(forget: () => void): void {
    this.#onRollback.push(forget);
  }

  /** D2: resolves when all that was written by now is on disk; undefined where it is. Rejects where the disk fails. */
  settled(): Promise<void> | undefined {
    return this.#durability.settled();
  }

  async close(): Promise<void> {
    try {
      await this.#durability.close();
    } finally {
      this.#statements.clear();
      this.#db.close();
    }
  }

  #transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      for (const forget of this.#onRollback) forget();
      throw error;
    }
    return result;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #migrate(migrations: readonly string[]): void {
    const { user_version: version } = this.#db.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version > migrations.length) {
      throw new StoreError(
        `The database was written by a newer Sotto (schema ${version}, this one knows ${migrations.length}). Update Sotto, or restore the backup from before.`,
      );
    }
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT',
    );
    for (const [index, sql] of migrations.entries()) {
      const step = index + 1;
      const checksum = hash('sha256', sql);
      if (step > version) this.#apply(step, sql, checksum);
      else this.#compare(step, checksum);
    }
  }

  #apply(step: number, sql: string, checksum: string): void {
    this.#transaction(() => {
      this.#db.exec(sql);
      this.run('INSERT INTO migrations (version, checksum) VALUES (?, ?)', step, checksum);
      this.#db.exec(`PRAGMA user_version = ${step}`);
    });
  }

  #compare(step: number, checksum: string): void {
    const row = this.get<{ checksum: string }>('SELECT checksum FROM migrations WHERE version = ?', step);
    if (row?.checksum === checksum) return;
    throw new StoreError(
      `Step ${step} of the database schema is not the one this Sotto has. Use the version that made this database, or a release after it.`,
    );
  }
}

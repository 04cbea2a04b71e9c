import type { Clock, Key, Storage, Table } from '../seams/index.ts';

const DELAY = 400;

/**
 * Writes that may come a moment later, many in one transaction: names, presence and receipts, which the server
 * tells again at every connection. Never for anything that must survive by itself.
 */
export class LazyWrites {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #background: (work: Promise<unknown>) => void;
  readonly #pending = new Map<string, { table: Table; key: Key; change: (stored: unknown) => unknown }>();
  #scheduled = false;

  constructor(storage: Storage, clock: Clock, background: (work: Promise<unknown>) => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#background = background;
  }

  put(table: Table, key: Key, row: unknown): void {
    this.merge(table, key, () => row);
  }

  /** Makes the row from the one stored by then: another tab may have written other fields of it. */
  merge<Row>(table: Table, key: Key, change: (stored: Row | undefined) => Row): void {
    this.#pending.set(`${table}/${key.join('/')}`, {
      table,
      key,
      change: (stored) => change(stored as Row | undefined),
    });
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(DELAY, () => {
      this.#scheduled = false;
      this.#background(this.flush());
    });
  }

  async flush(): Promise<void> {
    const rows = [...this.#pending.values()];
    if (rows.length === 0) return;
    this.#pending.clear();
    const tables = [...new Set(rows.map((row) => row.table))];
    await this.#storage.transaction(tables, 'write', async (tx) => {
      for (const { table, key, change } of rows) await tx.put(table, key, change(await tx.get(table, key)));
    });
  }
}

import type { Clock, Key, Storage, Table } from '../seams/index.ts';

const DELAY = 400;

/**
 * Writes that may come a moment later, many in one transaction: names, presence and marks, which the server
 * tells again at every connection. Never for anything that must survive by itself.
 */
export class LazyWrites {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #background: (work: Promise<unknown>) => void;
  readonly #pending = new Map<string, { table: Table; key: Key; row: unknown }>();
  #scheduled = false;

  constructor(storage: Storage, clock: Clock, background: (work: Promise<unknown>) => void) {
    this.#storage = storage;
    this.#clock = clock;
    this.#background = background;
  }

  put(table: Table, key: Key, row: unknown): void {
    this.#pending.set(`${table}/${key.join('/')}`, { table, key, row });
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
      for (const { table, key, row } of rows) await tx.put(table, key, row);
    });
  }
}

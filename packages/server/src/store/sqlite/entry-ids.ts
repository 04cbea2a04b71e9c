import type { Database } from './database.ts';
import { IdFilter } from './id-filter.ts';

/** Entries whose ids are filed together. */
const CHUNK = 4_096;

/**
 * D3: under which entries an id stands, over all rooms. Ids are random: in one index over all of them each message would
 * touch a page of its own. Instead the newest ids are held in memory (they are in the log anyway, where a restart reads
 * them again), and when a chunk of entries is full, its ids are filed in one sorted run. A filter, held in memory and
 * kept beside the run, says in which chunks an id cannot be.
 */
export class EntryIds {
  readonly #db: Database;
  readonly #chunk: number;
  readonly #filter: IdFilter;
  readonly #newest = new Map<string, number[]>();
  /** Chunks that are filed; the ids of all later entries are in `#newest`. */
  #filed = 0;
  /** Of these, what was committed for certain. */
  #kept = 0;
  #last = 0;
  /** Of the database when memory last agreed with it; undefined where it may not. */
  #version: number | undefined;

  /** `chunk`: a power of two; another for tests only. */
  constructor(db: Database, chunk = CHUNK) {
    this.#db = db;
    this.#chunk = chunk;
    this.#filter = new IdFilter(chunk);
    db.onRollback(() => {
      this.#version = undefined;
    });
    db.transaction(() => this.refresh());
  }

  /** Number of the newest entry. */
  get last(): number {
    return this.#last;
  }

  /** First thing in a transaction: forgets what was undone, and sees what another process wrote. */
  refresh(): void {
    const row = this.#db.get<{ data_version: number }>('PRAGMA data_version');
    if (row && row.data_version === this.#version) this.#kept = this.#filed;
    else this.#read();
    this.#version = row?.data_version;
  }

  /** Numbers of the entries that may stand under the id: all that do, seldom another. */
  find(id: string): readonly number[] {
    if (this.#version === undefined) this.refresh();
    const newest = this.#newest.get(id) ?? [];
    const chunks = this.#filter.find(id);
    if (chunks.length === 0) return newest;
    const sql = 'SELECT entry FROM ids WHERE chunk = ? AND id = ?';
    const filed = chunks.flatMap((chunk) => this.#db.all<{ entry: number }>(sql, chunk, id));
    return [...filed.map(({ entry }) => entry), ...newest];
  }

  /** The newest entry of the log, inserted in this transaction; numbers only grow. */
  add(id: string, entry: number): void {
    while (entry > (this.#filed + 1) * this.#chunk) this.#file();
    const same = this.#newest.get(id);
    if (same) same.push(entry);
    else this.#newest.set(id, [entry]);
    this.#last = entry;
  }

  #file(): void {
    const chunk = this.#filed;
    const [before, end] = [chunk * this.#chunk, (chunk + 1) * this.#chunk];
    const sql = 'INSERT INTO ids SELECT ?, id, entry FROM log WHERE entry > ? AND entry <= ? ORDER BY id';
    this.#db.run(sql, chunk, before, end);
    const bits = this.#filter.fill(chunk, this.#newest.keys());
    this.#db.run('INSERT INTO id_filters (chunk, bits) VALUES (?, ?)', chunk, bits);
    this.#newest.clear();
    this.#filed += 1;
  }

  #read(): void {
    const filters = this.#db.iterate<{ chunk: number; bits: Uint8Array }>(
      'SELECT chunk, bits FROM id_filters WHERE chunk >= ? ORDER BY chunk',
      this.#kept,
    );
    this.#filed = this.#kept;
    for (const { chunk, bits } of filters) {
      this.#filter.load(chunk, bits); // bits of a chunk that was undone may stay: they only let more through
      this.#filed = chunk + 1;
    }
    this.#kept = this.#filed;
    this.#newest.clear();
    this.#last = this.#filed * this.#chunk;
    const rest = this.#db.all<{ id: string; entry: number }>(
      'SELECT id, entry FROM log WHERE entry > ? ORDER BY entry',
      this.#last,
    );
    for (const { id, entry } of rest) this.add(id, entry);
  }
}

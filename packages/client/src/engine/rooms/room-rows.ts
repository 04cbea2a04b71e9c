import type { EpochSecret, VerifiedHeader } from '@sotto/crypto';
import { headerHash, type RoomId } from '@sotto/protocol';
import { ClientError } from '../../error.ts';
import type { Storage, Transaction } from '../../seams/index.ts';
import type { Bus } from '../bus.ts';
import type { LazyWrites } from '../lazy-writes.ts';
import type { EntryRow, HeaderRow, ReceiptRow, RoomRow, SecretRow } from '../rows.ts';

/** What is stored of a room's log behind a position. */
export const entriesAfter = (tx: Transaction, room: RoomId, position: number): Promise<EntryRow[]> =>
  tx.range<EntryRow>('entries', { prefix: [room], from: position + 1 });

/** R2: a secret rests under the hash of its header. @param archived M5: the account's archive has it */
export function putSecret(
  tx: Transaction,
  { header: { room }, hash }: VerifiedHeader,
  secret: EpochSecret,
  archived: boolean,
): Promise<void> {
  const header = headerHash(hash);
  return tx.put<SecretRow>('secrets', [room, header], { room, header, secret, archived });
}

/** The room rows of one account: the store is the truth, memory its mirror for views. */
export class RoomRows {
  readonly #storage: Storage;
  readonly #rows = new Map<RoomId, RoomRow>();
  readonly #receipts = new Map<RoomId, readonly ReceiptRow[]>();
  readonly #lazy: LazyWrites;
  readonly #bus: Bus;

  constructor(storage: Storage, lazy: LazyWrites, bus: Bus) {
    this.#storage = storage;
    this.#lazy = lazy;
    this.#bus = bus;
  }

  async load(): Promise<void> {
    const found = await this.#storage.transaction(['rooms', 'receipts'], 'read', async (tx) => {
      const rows = await tx.range<RoomRow>('rooms', { prefix: [] });
      const receipts: (readonly [RoomId, ReceiptRow[]])[] = [];
      for (const row of rows)
        receipts.push([row.room, await tx.range<ReceiptRow>('receipts', { prefix: [row.room] })]);
      return { rows, receipts };
    });
    for (const row of found.rows) this.#rows.set(row.room, row);
    for (const [room, receipts] of found.receipts) this.#receipts.set(room, receipts);
  }

  /** Forgets everything: the store is gone. */
  clear(): void {
    this.#rows.clear();
    this.#receipts.clear();
  }

  all(): RoomRow[] {
    return [...this.#rows.values()];
  }

  /** The mirror; may be behind another tab by a moment. */
  /** @throws ClientError 'not_found' */
  known(room: RoomId): RoomRow {
    const row = this.peek(room);
    if (!row) throw new ClientError('not_found');
    return row;
  }

  peek(room: RoomId): RoomRow | undefined {
    return this.#rows.get(room);
  }

  receipts(room: RoomId): readonly ReceiptRow[] {
    return this.#receipts.get(room) ?? [];
  }

  /** Reads a room's row from the store again: another tab may have changed it. */
  async reload(room: RoomId): Promise<RoomRow | undefined> {
    const row = await this.#storage.transaction(['rooms'], 'read', (tx) => tx.get<RoomRow>('rooms', [room]));
    if (row) this.#mirror(row);
    return row;
  }

  /** Reads a room's receipts from the store again, after another tab changed the room. */
  async reloadReceipts(room: RoomId): Promise<void> {
    const stored = await this.#storage.transaction(['receipts'], 'read', (tx) =>
      tx.range<ReceiptRow>('receipts', { prefix: [room] }),
    );
    const held = this.receipts(room).filter(
      (own) => !stored.some((m) => m.device === own.device && m.counter > own.counter),
    );
    const others = stored.filter((receipt) => !held.some((own) => own.device === receipt.device));
    this.#receipts.set(room, [...held, ...others]);
  }

  /** Changes a room's row in one transaction. @returns the row, or undefined where there is none */
  async update(room: RoomId, change: (row: RoomRow) => RoomRow): Promise<RoomRow | undefined> {
    const next = await this.#storage.transaction(['rooms'], 'write', async (tx) => {
      const row = await tx.get<RoomRow>('rooms', [room]);
      if (!row) return undefined;
      const changed = change(row);
      if (changed !== row) await tx.put('rooms', [room], changed);
      return changed;
    });
    if (next) this.#mirror(next);
    return next;
  }

  /** Changes a room's row by what stands behind a position, in one transaction. */
  async updateAfter(
    room: RoomId,
    position: number,
    change: (row: RoomRow, rest: readonly EntryRow[]) => RoomRow,
  ): Promise<void> {
    const next = await this.#storage.transaction(['rooms', 'entries'], 'write', async (tx) => {
      const row = await tx.get<RoomRow>('rooms', [room]);
      if (!row) return undefined;
      const changed = change(row, await entriesAfter(tx, room, position));
      if (changed !== row) await tx.put('rooms', [room], changed);
      return changed;
    });
    if (next) this.#mirror(next);
  }

  /**
   * E2: entries, headers and the row that stands on them, written as one.
   * @param next makes the row from the newest stored one
   */
  async commit(
    room: RoomId,
    written: { entries: readonly EntryRow[]; headers: readonly HeaderRow[] },
    next: (stored: RoomRow | undefined) => RoomRow,
    more?: (tx: Transaction) => Promise<void>,
  ): Promise<RoomRow> {
    const row = await this.#storage.transaction(
      ['rooms', 'entries', 'changes', 'files', 'headers', 'outbox', 'secrets'],
      'write',
      async (tx) => {
        // All under way at once: awaited one by one, most of the time goes into waiting.
        const puts = written.entries.map((entry) => tx.put('entries', [room, entry.position], entry));
        for (const header of written.headers) {
          puts.push(tx.put('headers', [room, header.header.header.epoch], header));
        }
        await Promise.all(puts);
        await more?.(tx);
        const fresh = next(await tx.get<RoomRow>('rooms', [room]));
        await tx.put('rooms', [room], fresh);
        return fresh;
      },
    );
    this.#mirror(row);
    return row;
  }

  /** Keeps each device's newest receipt; on disk a moment later. */
  putReceipts(room: RoomId, receipts: readonly ReceiptRow[]): void {
    const known = new Map(this.receipts(room).map((receipt) => [receipt.device, receipt]));
    let moved = false;
    for (const receipt of receipts) {
      const old = known.get(receipt.device);
      if (old && old.counter >= receipt.counter) continue; // attack 5: an old receipt again
      // A restored device's fresh receipt may say less; receipts only ever grow.
      const grown = {
        ...receipt,
        delivered: Math.max(receipt.delivered, old?.delivered ?? 0),
        read: Math.max(receipt.read, old?.read ?? 0),
      };
      known.set(receipt.device, grown);
      this.#lazy.put('receipts', [room, receipt.device], grown);
      moved ||= grown.delivered !== old?.delivered || grown.read !== old?.read;
    }
    this.#receipts.set(room, [...known.values()]);
    if (moved) this.#bus.emit({ type: 'receipts', room });
  }

  header(room: RoomId, epoch: number): Promise<HeaderRow | undefined> {
    return this.#storage.transaction(['headers'], 'read', (tx) =>
      tx.get<HeaderRow>('headers', [room, epoch]),
    );
  }

  headers(room: RoomId): Promise<HeaderRow[]> {
    return this.#storage.transaction(['headers'], 'read', (tx) =>
      tx.range<HeaderRow>('headers', { prefix: [room] }),
    );
  }

  entry(room: RoomId, position: number): Promise<EntryRow | undefined> {
    return this.#storage.transaction(['entries'], 'read', (tx) =>
      tx.get<EntryRow>('entries', [room, position]),
    );
  }

  /** Stored entries of a span of positions, ascending. */
  entries(room: RoomId, span: { from?: number; to?: number }): Promise<EntryRow[]> {
    return this.#storage.transaction(['entries'], 'read', (tx) =>
      tx.range<EntryRow>('entries', { prefix: [room], ...span }),
    );
  }

  /** The newest entries up to `to`, ascending. */
  async lastEntries(room: RoomId, to: number, limit: number): Promise<EntryRow[]> {
    const rows = await this.#storage.transaction(['entries'], 'read', (tx) =>
      tx.range<EntryRow>('entries', { prefix: [room], to, order: 'descending', limit }),
    );
    return rows.reverse();
  }

  #mirror(row: RoomRow): void {
    this.#rows.set(row.room, row);
    this.#bus.emit({ type: 'room-changed', room: row.room });
  }
}

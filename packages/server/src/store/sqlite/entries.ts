import type { AccountId, DeviceId, EntryKind, MessageId, RoomId } from '@sotto/protocol';
import { nextChain } from '../../log/chain.ts';
import type { StoredEntry } from '../store.ts';
import type { Head } from './append.ts';
import type { Database } from './database.ts';
import { EntryIds } from './entry-ids.ts';

/** The table of the log: the one place where entries go in, and where an id is looked up [D1, D3]. */
export class Entries {
  readonly #db: Database;
  readonly #ids: EntryIds;

  constructor(db: Database) {
    this.#db = db;
    this.#ids = new EntryIds(db);
  }

  /** First thing in a transaction that looks up ids or inserts. */
  refresh(): void {
    this.#ids.refresh();
  }

  /** D3: what stands under this id already. */
  find(entry: {
    room: RoomId;
    account: AccountId;
    device: DeviceId;
    id: MessageId;
  }): { position: number; time: number; kind: EntryKind } | undefined {
    for (const number of this.#ids.find(entry.id)) {
      const row = this.#db.get<Omit<StoredEntry, 'body'> & { room: RoomId }>(
        'SELECT room, position, time, kind, account, device, id FROM log WHERE entry = ?',
        number,
      );
      const same =
        row?.id === entry.id &&
        row.room === entry.room &&
        row.device === entry.device &&
        row.account === entry.account;
      if (same) return { position: row.position, time: row.time, kind: row.kind };
    }
    return undefined;
  }

  /**
   * D1: the next entry, chained to the one before; the caller has made sure by `find` that its id is free. Moves the head,
   * which has its time then; the caller stores it. @returns its position
   */
  append(room: RoomId, head: Head, entry: Omit<StoredEntry, 'position'>): number {
    const { kind, account, device, id, body } = entry;
    const time = Math.max(entry.time, head.time);
    const position = head.position + 1;
    const chain = nextChain(head.chain, { position, time, kind, account, device, id, body });
    const number = this.#ids.last + 1;
    const sql =
      'INSERT INTO log (entry, room, position, time, kind, account, device, id, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
    this.#db.run(sql, number, room, position, time, kind, account, device, id, body, chain);
    this.#ids.add(id, number);
    head.chain = chain;
    head.position = position;
    head.time = time;
    return position;
  }
}

import {
  type AccountId,
  type Bytes,
  chainGenesisInput,
  type DeviceId,
  type EntryKind,
  type MessageId,
  type RoomId,
} from '@sotto/protocol';
import { sha256 } from '../../digest.ts';
import type { StoredEntry } from '../store.ts';
import { nextChain } from './chain.ts';
import type { Database } from './database.ts';

/** Where a room's log ends. */
export interface Tip {
  epoch: number;
  head: number;
  chain: Bytes;
}

export function tipOf(db: Database, room: RoomId): Tip | undefined {
  const row = db.get<{ epoch: number; head: number; chain: Uint8Array }>(
    'SELECT epoch, head, chain FROM rooms WHERE room = ?',
    room,
  );
  return row && { epoch: row.epoch, head: row.head, chain: new Uint8Array(row.chain) };
}

/** Chain hash at a position; undefined beyond the head. */
export function chainAt(db: Database, room: RoomId, position: number): Bytes | undefined {
  if (position === 0) return sha256(chainGenesisInput(room));
  const sql = 'SELECT chain FROM log WHERE room = ? AND position = ?';
  const row = db.get<{ chain: Uint8Array }>(sql, room, position);
  return row && new Uint8Array(row.chain);
}

export const genesisTip = (room: RoomId): Tip => ({
  epoch: 0,
  head: 0,
  chain: sha256(chainGenesisInput(room)),
});

/** D1: the next entry, chained to the one before. Moves the tip; the caller stores it. */
export function insertEntry(
  db: Database,
  room: RoomId,
  tip: Tip,
  entry: Omit<StoredEntry, 'position'>,
): number {
  const position = insertNew(db, room, tip, entry);
  if (position === undefined) throw new Error('the log holds another entry in this place or under this id');
  return position;
}

/**
 * D3: as `insertEntry`, yet nothing happens where the id stands for an entry already. The unique index sees that, which
 * costs less than looking before every insertion. @returns the position, or undefined
 */
export function insertNew(
  db: Database,
  room: RoomId,
  tip: Tip,
  entry: Omit<StoredEntry, 'position'>,
): number | undefined {
  const { time, kind, account, device, id, body } = entry;
  const position = tip.head + 1;
  const chain = nextChain(tip.chain, { position, time, kind, account, device, id, body });
  const sql =
    'INSERT OR IGNORE INTO log (room, position, time, kind, account, device, id, body, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
  if (db.run(sql, room, position, time, kind, account, device, id, body, chain) === 0) return undefined;
  tip.chain = chain;
  tip.head = position;
  return position;
}

export function storeTip(db: Database, room: RoomId, tip: Tip): void {
  db.run('UPDATE rooms SET head = ?, chain = ? WHERE room = ?', tip.head, tip.chain, room);
}

/** D3: what stands under this id already. */
export function findEntry(
  db: Database,
  entry: { room: RoomId; account: AccountId; device: DeviceId; id: MessageId },
): { position: number; time: number; kind: EntryKind } | undefined {
  return db.get<{ position: number; time: number; kind: EntryKind }>(
    'SELECT position, time, kind FROM log WHERE room = ? AND device = ? AND id = ? AND account = ?',
    entry.room,
    entry.device,
    entry.id,
    entry.account,
  );
}

export function isMember(db: Database, room: RoomId, account: AccountId): boolean {
  const sql = 'SELECT 1 FROM members WHERE room = ? AND account = ? AND until IS NULL';
  return db.get(sql, room, account) !== undefined;
}

import { type AccountId, type Bytes, chainGenesisInput, type RoomId } from '@sotto/protocol';
import { sha256 } from '../../digest.ts';
import type { Database } from './database.ts';

/** Where a room's log ends. */
export interface Tip {
  epoch: number;
  head: number;
  chain: Bytes;
  /** Of the newest entry: the next one is not dated before it, whatever the clock does. */
  time: number;
}

export function tipOf(db: Database, room: RoomId): Tip | undefined {
  const row = db.get<{ epoch: number; head: number; chain: Uint8Array; time: number }>(
    `SELECT r.epoch, r.head, r.chain, l.time FROM rooms AS r
     JOIN log AS l ON l.room = r.room AND l.position = r.head WHERE r.room = ?`,
    room,
  );
  return row && { epoch: row.epoch, head: row.head, chain: new Uint8Array(row.chain), time: row.time };
}

/** Chain hash at a position; undefined beyond the head. */
export function chainAt(db: Database, room: RoomId, position: number): Bytes | undefined {
  if (position === 0) return sha256(chainGenesisInput(room));
  const sql = 'SELECT chain FROM log WHERE room = ? AND position = ?';
  const row = db.get<{ chain: Uint8Array }>(sql, room, position);
  if (row && row.chain.length > 0) return new Uint8Array(row.chain);
  return baseChain(db, room, position);
}

/** Of a log that a backup brought back from here on only. */
function baseChain(db: Database, room: RoomId, position: number): Bytes | undefined {
  const sql = 'SELECT base_chain AS chain FROM rooms WHERE room = ? AND base = ? AND base_chain IS NOT NULL';
  const row = db.get<{ chain: Uint8Array }>(sql, room, position);
  return row && new Uint8Array(row.chain);
}

export const genesisTip = (room: RoomId): Tip => ({
  epoch: 0,
  head: 0,
  chain: sha256(chainGenesisInput(room)),
  time: 0,
});

export function storeTip(db: Database, room: RoomId, tip: Tip): void {
  db.run('UPDATE rooms SET head = ?, chain = ?, restored = 0 WHERE room = ?', tip.head, tip.chain, room);
}

export function isMember(db: Database, room: RoomId, account: AccountId): boolean {
  const sql = 'SELECT 1 FROM members WHERE room = ? AND account = ? AND until IS NULL';
  return db.get(sql, room, account) !== undefined;
}

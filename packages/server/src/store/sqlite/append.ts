import { type AccountId, type Bytes, chainGenesisInput, LIMITS, type RoomId } from '@sotto/protocol';
import { sha256 } from '../../digest.ts';
import type { Database } from './database.ts';

/** Where a room's log ends. */
export interface Head {
  epoch: number;
  position: number;
  chain: Bytes;
  /** Of the newest entry: the next one is not dated before it, whatever the clock does. */
  time: number;
}

/** Attack 40: no position beyond those that all can count. */
export const isFull = ({ position }: Head): boolean => position >= LIMITS.count;

export function headOf(db: Database, room: RoomId): Head | undefined {
  const row = db.get<{ epoch: number; head: number; chain: Uint8Array; time: number }>(
    `SELECT r.epoch, r.head, r.chain, l.time FROM rooms AS r
     JOIN log AS l ON l.room = r.room AND l.position = r.head WHERE r.room = ?`,
    room,
  );
  return row && { epoch: row.epoch, position: row.head, chain: new Uint8Array(row.chain), time: row.time };
}

/** Chain hash at a position; undefined beyond the head. */
export function chainAt(db: Database, room: RoomId, position: number): Bytes | undefined {
  if (position === 0) return sha256(chainGenesisInput(room));
  const sql = 'SELECT chain FROM log WHERE room = ? AND position = ?';
  const row = db.get<{ chain: Uint8Array }>(sql, room, position);
  return row && new Uint8Array(row.chain);
}

export const genesisHead = (room: RoomId): Head => ({
  epoch: 0,
  position: 0,
  chain: sha256(chainGenesisInput(room)),
  time: 0,
});

export function storeHead(db: Database, room: RoomId, head: Head): void {
  db.run('UPDATE rooms SET head = ?, chain = ? WHERE room = ?', head.position, head.chain, room);
}

export function isMember(db: Database, room: RoomId, account: AccountId): boolean {
  const sql = 'SELECT 1 FROM members WHERE room = ? AND account = ? AND until IS NULL';
  return db.get(sql, room, account) !== undefined;
}

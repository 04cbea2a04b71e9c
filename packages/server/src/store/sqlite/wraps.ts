import { type AccountId, type DeviceId, type DeviceWrap, LIMITS, type RoomId } from '@sotto/protocol';
import type { HeaderPlace, StoredWrap } from '../store.ts';
import type { Database } from './database.ts';

/** R2: the wrap that waits for a device, instead of one for the same header. */
export function insertWrap(db: Database, { room, epoch, header }: HeaderPlace, wrap: StoredWrap): void {
  db.run(
    'INSERT OR REPLACE INTO wraps (account, device, header, room, epoch, key, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    wrap.account,
    wrap.device,
    header,
    room,
    epoch,
    wrap.key,
    wrap.body,
  );
}

/** Attack 50: of the epochs that somebody makes without end, so many wait for a device; it asks for the others (R6). */
export function dropOldWraps(db: Database, room: RoomId, epoch: number): void {
  db.run('DELETE FROM wraps WHERE room = ? AND epoch <= ?', room, epoch - LIMITS.wrapsEach);
}

/** What waits for a device: of each room the newest, and few where it did not accept the room (attack 48). */
export function wrapsOf(db: Database, account: AccountId, device: DeviceId): DeviceWrap[] {
  return db
    .all<DeviceWrap>(
      `SELECT room, epoch, header, key, body FROM (
         SELECT w.*, m.pending IS NOT NULL AS pending,
           row_number() OVER (PARTITION BY w.room ORDER BY w.epoch DESC) AS place
         FROM wraps AS w LEFT JOIN members AS m ON m.room = w.room AND m.account = w.account
         WHERE w.account = ? AND w.device = ?)
       WHERE NOT pending OR place <= ? ORDER BY pending, place LIMIT ?`,
      account,
      device,
      LIMITS.wrapsPending,
      LIMITS.wrapsTold,
    )
    .map((row) => ({ ...row }))
    .sort((a, b) => (a.room === b.room ? a.epoch - b.epoch : a.room < b.room ? -1 : 1));
}

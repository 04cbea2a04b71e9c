import type { DeviceWrap, EpochRequest, RoomId } from '@sotto/protocol';
import type { DeliveryStore, StoredWrap } from '../store.ts';
import type { Database } from './database.ts';
import { keyHash } from './devices.ts';

export function sqliteDelivery(db: Database): DeliveryStore {
  return {
    wraps: async (account, device) =>
      db
        .all<DeviceWrap>(
          'SELECT room, epoch, key, body FROM wraps WHERE account = ? AND device = ? ORDER BY room, epoch',
          account,
          device,
        )
        .map((row) => ({ ...row })),
    forgetWrap: async (room, epoch, account, device) => {
      const sql = 'DELETE FROM wraps WHERE account = ? AND device = ? AND room = ? AND epoch = ?';
      db.run(sql, account, device, room, epoch);
    },
    answer: async (room, epoch, wraps) => db.transaction(() => answer(db, room, epoch, wraps)),
    ask: async (requests, time, limit) => db.transaction(() => ask(db, requests, time, limit)),
    openRequests: async (account, device) =>
      db
        .all<EpochRequest>(
          `SELECT q.room, q.epoch, q.account, q.device FROM members AS m JOIN requests AS q ON q.room = m.room
           WHERE m.account = ? AND m.until IS NULL AND NOT (q.account = ? AND q.device = ?)`,
          account,
          account,
          device,
        )
        .map((row) => ({ ...row })),
  };
}

export function insertWrap(db: Database, room: RoomId, epoch: number, wrap: StoredWrap): void {
  db.run(
    'INSERT OR REPLACE INTO wraps (account, device, room, epoch, key, body) VALUES (?, ?, ?, ?, ?, ?)',
    wrap.account,
    wrap.device,
    room,
    epoch,
    wrap.key,
    wrap.body,
  );
}

/** R6: a wrap that waits is left alone unless its device asked again, so nobody can spoil it (attack 27). */
function answer(
  db: Database,
  room: RoomId,
  epoch: number,
  wraps: readonly StoredWrap[],
): StoredWrap[] | 'stale_key' {
  const taken: StoredWrap[] = [];
  if (wraps.some((wrap) => keyHash(db, wrap.account, wrap.device) !== wrap.key)) return 'stale_key';
  for (const wrap of wraps) {
    const { account, device } = wrap;
    const asked = db.run(
      'DELETE FROM requests WHERE room = ? AND account = ? AND device = ? AND epoch = ?',
      room,
      account,
      device,
      epoch,
    );
    const sql = 'SELECT 1 FROM wraps WHERE account = ? AND device = ? AND room = ? AND epoch = ? AND key = ?';
    if (asked === 0 && db.get(sql, account, device, room, epoch, wrap.key)) continue;
    insertWrap(db, room, epoch, wrap);
    taken.push(wrap);
  }
  return taken;
}

function ask(db: Database, requests: readonly EpochRequest[], time: number, limit: number): boolean {
  const [first] = requests;
  if (!first) return true;
  const known = db.all<{ epoch: number }>(
    'SELECT epoch FROM requests WHERE room = ? AND account = ? AND device = ?',
    first.room,
    first.account,
    first.device,
  );
  const open = new Set([...known, ...requests].map(({ epoch }) => epoch));
  if (open.size > limit) return false;
  for (const { room, account, device, epoch } of requests) {
    const sql = 'INSERT OR REPLACE INTO requests (room, account, device, epoch, time) VALUES (?, ?, ?, ?, ?)';
    db.run(sql, room, account, device, epoch, time);
  }
  return true;
}

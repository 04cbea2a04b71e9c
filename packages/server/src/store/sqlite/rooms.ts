import type { AccountId, RoomHead, RoomId } from '@sotto/protocol';
import type { Membership, RoomState, RoomStore, Standing } from '../store.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { commitEpoch } from './epochs.ts';
import { leave } from './leaves.ts';
import { restoreStretch } from './restored.ts';

export function sqliteRooms(db: Database, entries: Entries): RoomStore {
  return {
    state: async (room) => state(db, room),
    membership: async (room, account) => {
      const sql = 'SELECT start, until FROM members WHERE room = ? AND account = ?';
      return db.get<Membership>(sql, room, account);
    },
    standing: async (room, account) =>
      db.get<Standing>(
        `SELECT r.epoch, coalesce(h.list, 0) AS list FROM rooms AS r JOIN members AS m ON m.room = r.room
         LEFT JOIN header_members AS h ON h.room = r.room AND h.epoch = r.epoch AND h.account = m.account
         WHERE r.room = ? AND m.account = ? AND m.until IS NULL`,
        room,
        account,
      ),
    members: async (room) =>
      db
        .all<{ account: AccountId }>('SELECT account FROM members WHERE room = ? AND until IS NULL', room)
        .map((row) => row.account),
    departed: async (room) =>
      db
        .all<{ account: AccountId; position: number }>(
          'SELECT account, until AS position FROM members WHERE room = ? AND departed = 1',
          room,
        )
        .map((row) => ({ ...row })),
    commitEpoch: async (commit) => db.transaction(() => commitEpoch(db, entries, commit)),
    leave: async (commit) => db.transaction(() => leave(db, entries, commit)),
    restore: async (stretch) => db.transaction(() => restoreStretch(db, entries, stretch)),
    heads: async (account) => heads(db, account),
    header: async (room, epoch) => {
      const row = db.get<{ position: number; time: number; body: Uint8Array }>(
        `SELECT l.position, l.time, l.body FROM headers AS h JOIN log AS l ON l.room = h.room AND l.position = h.position
         WHERE h.room = ? AND h.epoch = ?`,
        room,
        epoch,
      );
      return row && { position: row.position, time: row.time, signed: new Uint8Array(row.body) };
    },
    epochAt: async (room, position) => {
      const sql = 'SELECT max(epoch) AS epoch FROM headers WHERE room = ? AND position <= ?';
      return db.get<{ epoch: number | null }>(sql, room, position)?.epoch ?? 0;
    },
    membersAt: async (room, epoch) =>
      db
        .all<{ account: AccountId }>(
          'SELECT account FROM header_members WHERE room = ? AND epoch = ?',
          room,
          epoch,
        )
        .map((row) => row.account),
    stoodIn: async (room, account, epochs) => {
      const wanted = [...new Set(epochs)];
      const row = db.get<{ found: number }>(
        `SELECT count(*) AS found FROM header_members
         WHERE room = ? AND account = ? AND epoch IN (SELECT value FROM json_each(?))`,
        room,
        account,
        JSON.stringify(wanted),
      );
      return row?.found === wanted.length;
    },
    headers: async (room, after, until, maxBytes) => headers(db, { room, after, until, maxBytes }),
    byInvite: async (key, now) => {
      const row = db.get<{ position: number; body: Uint8Array }>(
        `SELECT l.position, l.body FROM invites AS i JOIN rooms AS r ON r.room = i.room
         JOIN headers AS h ON h.room = r.room AND h.epoch = r.epoch
         JOIN log AS l ON l.room = h.room AND l.position = h.position
         WHERE i.key = ? AND i.expires > ? ORDER BY i.since LIMIT 1`,
        key,
        now,
      );
      return row && { position: row.position, signed: new Uint8Array(row.body) };
    },
  };
}

function state(db: Database, room: RoomId): RoomState | undefined {
  const row = db.get<Omit<RoomState, 'header' | 'headerHash'> & { body: Uint8Array; hash: Uint8Array }>(
    `SELECT r.room, r.kind, r.epoch, r.head, r.history, r.base, h.hash, l.body FROM rooms AS r
     JOIN headers AS h ON h.room = r.room AND h.epoch = r.epoch
     JOIN log AS l ON l.room = h.room AND l.position = h.position WHERE r.room = ?`,
    room,
  );
  if (!row) return undefined;
  const { body, hash, ...rest } = row;
  return { ...rest, header: new Uint8Array(body), headerHash: new Uint8Array(hash) };
}

/** For an account that is out, the room stands still where it left. Where something was said last comes first. */
function heads(db: Database, account: AccountId): RoomHead[] {
  return db
    .all<RoomHead>(
      `SELECT m.room, m.until, coalesce(m.until, r.head) AS head,
         CASE WHEN m.until IS NULL THEN r.epoch ELSE
           (SELECT max(h.epoch) FROM headers AS h WHERE h.room = m.room AND h.position <= m.until) END AS epoch
       FROM members AS m JOIN rooms AS r ON r.room = m.room
       LEFT JOIN log AS l ON l.room = m.room AND l.position = r.head
       WHERE m.account = ? ORDER BY l.time DESC`,
      account,
    )
    .map(({ room, head, epoch, until }) => ({ room, head, epoch, until }));
}

function headers(db: Database, query: { room: RoomId; after: number; until: number; maxBytes: number }) {
  const rows = db.iterate<{ position: number; body: Uint8Array }>(
    `SELECT l.position, l.body FROM headers AS h JOIN log AS l ON l.room = h.room AND l.position = h.position
     WHERE h.room = ? AND h.epoch > ? AND h.position <= ? ORDER BY h.epoch`,
    query.room,
    query.after,
    query.until,
  );
  const found: { position: number; signed: Uint8Array<ArrayBuffer> }[] = [];
  let bytes = 0;
  for (const { position, body } of rows) {
    bytes += body.length;
    if (bytes > query.maxBytes && found.length > 0) break;
    found.push({ position, signed: new Uint8Array(body) });
  }
  return found;
}

import type { AccountId, RoomId } from '@sotto/protocol';
import type { Membership, RoomState, RoomStore, Standing, StoredHeader } from '../store.ts';
import { acceptRoom, headsOf } from './consent.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { commitEpoch } from './epochs.ts';
import { leave } from './leaves.ts';

interface HeaderRow {
  readonly position: number;
  readonly time: number;
  readonly body: Uint8Array;
}

const asHeader = ({ position, time, body }: HeaderRow): StoredHeader => ({
  position,
  time,
  signed: new Uint8Array(body),
});

export function sqliteRooms(db: Database, entries: Entries): RoomStore {
  return {
    state: async (room) => state(db, room),
    membership: async (room, account) => {
      const sql =
        'SELECT start, until, pending IS NOT NULL AS pending FROM members WHERE room = ? AND account = ?';
      const row = db.get<Omit<Membership, 'pending'> & { pending: number }>(sql, room, account);
      return row && { ...row, pending: row.pending === 1 };
    },
    standing: async (room, account) =>
      db.get<Standing>(
        `SELECT r.epoch, h.list FROM rooms AS r JOIN members AS m ON m.room = r.room
         JOIN header_members AS h ON h.room = r.room AND h.epoch = r.epoch AND h.account = m.account
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
    accept: async (room, account, limit) => db.transaction(() => acceptRoom(db, room, account, limit)),
    heads: async (account) => headsOf(db, account),
    header: async (room, epoch) => {
      const row = db.get<HeaderRow>(
        `SELECT l.position, l.time, l.body FROM headers AS h JOIN log AS l ON l.room = h.room AND l.position = h.position
         WHERE h.room = ? AND h.epoch = ?`,
        room,
        epoch,
      );
      return row && asHeader(row);
    },
    headers: async (room, after, until, maxBytes) => headers(db, { room, after, until, maxBytes }),
    byInvite: async (room, key, now) => {
      const row = db.get<HeaderRow>(
        `SELECT l.position, l.time, l.body FROM invites AS i JOIN rooms AS r ON r.room = i.room
         JOIN headers AS h ON h.room = r.room AND h.epoch = r.epoch
         JOIN log AS l ON l.room = h.room AND l.position = h.position
         WHERE i.room = ? AND i.key = ? AND i.expires >= ?`,
        room,
        key,
        now,
      );
      return row && asHeader(row);
    },
  };
}

function state(db: Database, room: RoomId): RoomState | undefined {
  const row = db.get<Omit<RoomState, 'header' | 'headerHash'> & { body: Uint8Array; hash: Uint8Array }>(
    `SELECT r.room, r.epoch, r.head, n.time, r.history, h.position AS headed, h.hash, l.body FROM rooms AS r
     JOIN log AS n ON n.room = r.room AND n.position = r.head
     JOIN headers AS h ON h.room = r.room AND h.epoch = r.epoch
     JOIN log AS l ON l.room = h.room AND l.position = h.position WHERE r.room = ?`,
    room,
  );
  if (!row) return undefined;
  const { body, hash, ...rest } = row;
  return { ...rest, header: new Uint8Array(body), headerHash: new Uint8Array(hash) };
}

function headers(db: Database, query: { room: RoomId; after: number; until: number; maxBytes: number }) {
  const rows = db.iterate<HeaderRow>(
    `SELECT l.position, l.time, l.body FROM headers AS h JOIN log AS l ON l.room = h.room AND l.position = h.position
     WHERE h.room = ? AND h.epoch > ? AND h.position <= ? ORDER BY h.epoch`,
    query.room,
    query.after,
    query.until,
  );
  const found: StoredHeader[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.body.length;
    if (bytes > query.maxBytes && found.length > 0) break;
    found.push(asHeader(row));
  }
  return found;
}

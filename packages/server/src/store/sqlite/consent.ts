import { type AccountId, LIMITS, type RoomHead, type RoomId, toBase64Url } from '@sotto/protocol';
import type { EpochCommit } from '../store.ts';
import type { Database } from './database.ts';

/** Attack 48: for whoever did not make the header, the membership is pending, and counts against who did. */
export function insertMember(
  db: Database,
  { room, time, author }: Pick<EpochCommit, 'room' | 'time' | 'author'>,
  { account, start }: { account: AccountId; start: number },
): void {
  const own = account === author.account;
  db.run(
    `INSERT OR REPLACE INTO members (room, account, start, until, departed, pending, adder)
     VALUES (?, ?, ?, NULL, 0, ?, ?)`,
    room,
    account,
    start,
    own ? null : time,
    own ? null : author.account,
  );
}

/** What stands against these newcomers: the author's own rooms, or the people who have not answered it yet (attack 48). */
export function roomObstacle(
  db: Database,
  commit: Pick<EpochCommit, 'author' | 'limits' | 'time'>,
  joined: readonly AccountId[],
): 'limit' | 'unanswered' | undefined {
  const { limits, author } = commit;
  if (joined.includes(author.account) && roomCount(db, author.account) >= limits.rooms) return 'limit';
  const brought = joined.filter((account) => account !== author.account);
  if (brought.length === 0) return undefined;
  // Also those it took out again, or who went: else it could bring the same people in over and over.
  const sql = `SELECT count(*) AS found FROM members WHERE adder = ? AND pending > ?`;
  const since = commit.time - limits.pendingAge;
  const all = db.get<{ found: number }>(sql, author.account, since)?.found ?? 0;
  if (all + brought.length > limits.pending) return 'unanswered';
  const tooMany = brought.some((account) => {
    const of = db.get<{ found: number }>(`${sql} AND account = ?`, author.account, since, account);
    return (of?.found ?? 0) >= limits.pendingEach;
  });
  return tooMany ? 'unanswered' : undefined;
}

/** Runs inside a transaction. */
export function acceptRoom(
  db: Database,
  room: RoomId,
  account: AccountId,
  limit: number,
): 'accepted' | 'not_member' | 'limit' {
  const sql = 'SELECT pending FROM members WHERE room = ? AND account = ? AND until IS NULL';
  const row = db.get<{ pending: number | null }>(sql, room, account);
  if (!row) return 'not_member';
  if (row.pending === null) return 'accepted';
  if (roomCount(db, account) >= limit) return 'limit';
  db.run('UPDATE members SET pending = NULL, adder = NULL WHERE room = ? AND account = ?', room, account);
  return 'accepted';
}

/**
 * For an account that is out, the room stands still where it left. Where something was said last comes first, what is not
 * accepted last, and of that no more than anybody looks through: what was never accepted and is over, not at all.
 */
export function headsOf(db: Database, account: AccountId): RoomHead[] {
  const sql = `SELECT m.room, m.until, CASE WHEN m.until IS NULL THEN r.chain END AS chain, m.pending IS NOT NULL AS pending, coalesce(m.until, r.head) AS head,
       CASE WHEN m.until IS NULL THEN r.epoch ELSE
         (SELECT max(h.epoch) FROM headers AS h WHERE h.room = m.room AND h.position <= m.until) END AS epoch
     FROM members AS m JOIN rooms AS r ON r.room = m.room`;
  type Row = Omit<RoomHead, 'pending' | 'chain'> & { pending: number; chain: Uint8Array | null };
  const own = db.all<Row>(
    `${sql} LEFT JOIN log AS l ON l.room = m.room AND l.position = coalesce(m.until, r.head)
     WHERE m.account = ? AND m.pending IS NULL ORDER BY l.time DESC`,
    account,
  );
  const pending = db.all<Row>(
    `${sql} WHERE m.account = ? AND m.pending IS NOT NULL AND m.until IS NULL ORDER BY m.pending DESC LIMIT ?`,
    account,
    LIMITS.pendingTold,
  );
  return [...own, ...pending].map((row) => ({
    ...row,
    pending: row.pending === 1,
    chain: row.chain && toBase64Url(row.chain),
  }));
}

/** Rooms it is in by its own doing. */
function roomCount(db: Database, account: AccountId): number {
  const sql = 'SELECT count(*) AS rooms FROM members WHERE account = ? AND until IS NULL AND pending IS NULL';
  return db.get<{ rooms: number }>(sql, account)?.rooms ?? 0;
}

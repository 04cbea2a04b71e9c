import { type AccountId, equalBytes } from '@sotto/protocol';
import type { EpochCommit, EpochResult } from '../store.ts';
import { genesisTip, storeTip, type Tip, tipOf } from './append.ts';
import type { Database } from './database.ts';
import { insertWrap } from './delivery.ts';
import { keyHash, newestListHash } from './devices.ts';
import type { Entries } from './entries.ts';

/** R4: exactly one header per epoch number. Runs inside a transaction. */
export function commitEpoch(db: Database, entries: Entries, commit: EpochCommit): EpochResult {
  const { room, epoch, author, id } = commit;
  const same = db.get<{ hash: Uint8Array; position: number; time: number }>(
    `SELECT h.hash, h.position, l.time FROM headers AS h JOIN log AS l ON l.room = h.room AND l.position = h.position
     WHERE h.room = ? AND h.epoch = ?`,
    room,
    epoch,
  );
  if (same && equalBytes(same.hash, commit.hash)) {
    return { type: 'repeated', position: same.position, time: same.time };
  }
  const tip = tipOf(db, room) ?? genesisTip(room);
  if (tip.epoch + 1 !== epoch || !extendsNewest(db, commit, tip))
    return { type: 'conflict', epoch: tip.epoch };
  const obstacle = findObstacle(db, commit, tip);
  if (obstacle) return obstacle;
  entries.refresh();
  if (entries.find({ room, ...author, id })) return { type: 'id_reused' };

  const { joined, ended } = changes(db, commit);
  if (joined.some((account) => roomCount(db, account) >= commit.roomLimit)) return { type: 'limit' };
  const { time } = commit;
  const position = entries.append(room, tip, { time, kind: 'epoch', ...author, id, body: commit.signed });
  if (epoch === 1) insertRoom(db, commit, tip);
  else storeTip(db, room, tip);
  enterHeader(db, commit, position);
  for (const wrap of commit.wraps) insertWrap(db, room, epoch, wrap);
  return { type: 'committed', position, time: tip.time, joined, ended };
}

export function insertRoom(db: Database, { room, kind, history }: EpochCommit, tip: Tip): void {
  db.run(
    'INSERT INTO rooms (room, kind, epoch, head, chain, history) VALUES (?, ?, 1, ?, ?, ?)',
    room,
    kind,
    tip.head,
    tip.chain,
    history,
  );
}

/** What a header at a position of the log changes: epoch, members, invites. Runs inside a transaction. */
export function enterHeader(db: Database, commit: EpochCommit, position: number): void {
  const { room, epoch, history } = commit;
  const { joined, ended } = changes(db, commit);
  if (epoch > 1) {
    endMemberships(db, commit, ended, position);
    db.run('UPDATE rooms SET epoch = ?, history = ? WHERE room = ?', epoch, history, room);
    db.run('UPDATE members SET departed = 0 WHERE room = ? AND departed = 1', room);
  }
  db.run(
    'INSERT INTO headers (room, epoch, position, hash) VALUES (?, ?, ?, ?)',
    room,
    epoch,
    position,
    commit.hash,
  );
  for (const { account, list } of commit.members) {
    const sql = 'INSERT INTO header_members (room, epoch, account, list) VALUES (?, ?, ?, ?)';
    db.run(sql, room, epoch, account, list);
  }
  const start = epoch === 1 ? 0 : commit.seen;
  for (const account of joined) {
    db.run(
      'INSERT OR REPLACE INTO members (room, account, start, until, departed) VALUES (?, ?, ?, NULL, 0)',
      room,
      account,
      start,
    );
  }
  replaceInvites(db, commit);
}

function extendsNewest(db: Database, commit: EpochCommit, tip: Tip): boolean {
  if (tip.epoch === 0) return commit.previous === null;
  const sql = 'SELECT hash FROM headers WHERE room = ? AND epoch = ?';
  const newest = db.get<{ hash: Uint8Array }>(sql, commit.room, tip.epoch);
  return newest !== undefined && commit.previous !== null && equalBytes(newest.hash, commit.previous);
}

/** What changed between the look at the header and this moment. */
function findObstacle(db: Database, commit: EpochCommit, tip: Tip): EpochResult | undefined {
  for (const { account, listHash } of commit.members) {
    if (newestListHash(db, account) !== listHash) return { type: 'stale_list' };
    const sql = 'SELECT 1 FROM members WHERE room = ? AND account = ? AND departed = 1';
    if (db.get(sql, commit.room, account)) return { type: 'conflict', epoch: tip.epoch };
  }
  for (const { account, device, key } of commit.wraps) {
    if (keyHash(db, account, device) !== key) return { type: 'stale_key' };
  }
  return undefined;
}

function changes(db: Database, commit: EpochCommit): { joined: AccountId[]; ended: AccountId[] } {
  const rows = db.all<{ account: AccountId }>(
    'SELECT account FROM members WHERE room = ? AND until IS NULL',
    commit.room,
  );
  const before = new Set(rows.map((row) => row.account));
  const after = new Set(commit.members.map((member) => member.account));
  return {
    joined: [...after].filter((account) => !before.has(account)),
    ended: [...before].filter((account) => !after.has(account)),
  };
}

function roomCount(db: Database, account: AccountId): number {
  const sql = 'SELECT count(*) AS rooms FROM members WHERE account = ? AND until IS NULL';
  return db.get<{ rooms: number }>(sql, account)?.rooms ?? 0;
}

/** Who is dropped may read up to the header that drops it, as far back as before. */
function endMemberships(
  db: Database,
  commit: EpochCommit,
  ended: readonly AccountId[],
  position: number,
): void {
  for (const account of ended) endMembership(db, { ...commit, account }, position);
}

export function endMembership(
  db: Database,
  { room, account }: { room: EpochCommit['room']; account: AccountId },
  position: number,
): void {
  db.run(
    `UPDATE members SET until = ?, start = CASE WHEN (SELECT history FROM rooms WHERE room = ?) = 'all'
       THEN 0 ELSE start END WHERE room = ? AND account = ?`,
    position,
    room,
    room,
    account,
  );
  db.run('DELETE FROM marks WHERE room = ? AND account = ?', room, account);
}

/** R7: the newest header decides which invites are open; the first room to list a key keeps it. */
function replaceInvites(db: Database, { room, invites, time }: EpochCommit): void {
  const keys = JSON.stringify(invites.map(({ key }) => key));
  db.run('DELETE FROM invites WHERE room = ? AND key NOT IN (SELECT value FROM json_each(?))', room, keys);
  for (const { key, expires } of invites) {
    db.run(
      `INSERT INTO invites (key, room, expires, since) VALUES (?, ?, ?, ?)
       ON CONFLICT (key, room) DO UPDATE SET expires = excluded.expires`,
      key,
      room,
      expires,
      time,
    );
  }
}

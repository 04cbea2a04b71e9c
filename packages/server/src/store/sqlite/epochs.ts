import { type AccountId, equalBytes, headerHash, isDated } from '@sotto/protocol';
import type { EpochCommit, EpochResult } from '../store.ts';
import { genesisHead, type Head, headOf, isFull, storeHead } from './append.ts';
import { insertMember, roomObstacle } from './consent.ts';
import type { Database } from './database.ts';
import { keyHash, newestListHash } from './devices.ts';
import type { Entries } from './entries.ts';
import { dropOldWraps, insertWrap } from './wraps.ts';

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
  const head = headOf(db, room) ?? genesisHead(room);
  if (head.epoch + 1 !== epoch || !extendsNewest(db, commit, head))
    return { type: 'conflict', epoch: head.epoch };
  if (isFull(head)) return { type: 'full' };
  const time = Math.max(commit.time, head.time);
  if (!isDated(commit.at, time)) return { type: 'misdated', time };
  const obstacle = findObstacle(db, commit, head);
  if (obstacle) return obstacle;
  entries.refresh();
  if (entries.find({ room, ...author, id })) return { type: 'id_reused' };

  const { joined, ended } = changes(db, commit);
  const refusal = roomObstacle(db, commit, joined);
  if (refusal) return { type: refusal };
  const position = entries.append(room, head, { time, kind: 'epoch', ...author, id, body: commit.signed });
  if (epoch === 1) insertRoom(db, commit, head);
  else storeHead(db, room, head);
  enterHeader(db, commit, position, { joined, ended });
  const of = { room, epoch, header: headerHash(commit.hash) };
  for (const wrap of commit.wraps) insertWrap(db, of, wrap);
  dropOldWraps(db, room, epoch);
  return { type: 'committed', position, time: head.time, joined, ended };
}

function insertRoom(db: Database, { room, history }: EpochCommit, head: Head): void {
  db.run(
    'INSERT INTO rooms (room, epoch, head, chain, history) VALUES (?, 1, ?, ?, ?)',
    room,
    head.position,
    head.chain,
    history,
  );
}

/** What a header at a position of the log changes: epoch, members, invites. Runs inside a transaction. */
function enterHeader(
  db: Database,
  commit: EpochCommit,
  position: number,
  { joined, ended }: ReturnType<typeof changes>,
): void {
  const { room, epoch, history } = commit;
  if (epoch > 1) {
    // Who is dropped may read up to the header that drops it, as far back as before.
    for (const account of ended) endMembership(db, { room, account }, position);
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
  for (const account of joined) insertMember(db, commit, { account, start });
  replaceInvites(db, commit);
}

function extendsNewest(db: Database, commit: EpochCommit, head: Head): boolean {
  if (head.epoch === 0) return commit.previous === null;
  const sql = 'SELECT hash FROM headers WHERE room = ? AND epoch = ?';
  const newest = db.get<{ hash: Uint8Array }>(sql, commit.room, head.epoch);
  return newest !== undefined && commit.previous !== null && equalBytes(newest.hash, commit.previous);
}

/** What changed between the look at the header and this moment. */
function findObstacle(db: Database, commit: EpochCommit, head: Head): EpochResult | undefined {
  for (const { account, listHash } of commit.members) {
    if (newestListHash(db, account) !== listHash) return { type: 'stale_list' };
    const sql = 'SELECT 1 FROM members WHERE room = ? AND account = ? AND departed = 1';
    if (db.get(sql, commit.room, account)) return { type: 'conflict', epoch: head.epoch };
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
  db.run('DELETE FROM receipts WHERE room = ? AND account = ?', room, account);
}

/** R7: the newest header decides which invites are open. */
function replaceInvites(db: Database, { room, invites }: EpochCommit): void {
  db.run('DELETE FROM invites WHERE room = ?', room);
  for (const { key, expires } of invites) {
    db.run('INSERT OR REPLACE INTO invites (room, key, expires) VALUES (?, ?, ?)', room, key, expires);
  }
}

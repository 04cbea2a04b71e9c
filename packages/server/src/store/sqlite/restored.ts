import { type Bytes, equalBytes, type RoomId } from '@sotto/protocol';
import type { LogStretch, RestoredEntry, RestoreResult } from '../store.ts';
import { chainAt, type Tip, tipOf } from './append.ts';
import { nextChain } from './chain.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { endMembership, enterHeader, insertRoom } from './epochs.ts';

const CONFLICT: RestoreResult = { type: 'conflict' };
const NO_CHAIN = new Uint8Array(0);

type Linked = RestoredEntry & { readonly chain: Bytes };

/** D1: brings a stretch of a log back. The chain says where it belongs; nothing that is here is ever changed. */
export function restoreStretch(db: Database, table: Entries, stretch: LogStretch): RestoreResult {
  table.refresh();
  const { room } = stretch;
  const entries = linked(stretch);
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return CONFLICT;
  const tip = tipOf(db, room);
  if (!tip) return makeRoom(db, table, stretch, entries);
  const { base, restored } = standOf(db, room);
  if (last.position <= base) return fillIn(db, table, stretch, entries);
  if (first.position > tip.head + 1 || first.position <= base) return CONFLICT;
  const before = chainAt(db, room, first.position - 1);
  if (!before || !equalBytes(before, stretch.chain)) return CONFLICT;
  // What is here already has to be the same.
  const here = entries.filter(({ position }) => position <= tip.head).at(-1);
  const known = here && chainAt(db, room, here.position);
  if (here && (!known || !equalBytes(known, here.chain))) return CONFLICT;
  const more = entries.filter(({ position }) => position > tip.head);
  if (more.length > 0 && !restored) return CONFLICT;
  for (const entry of more) append(db, table, room, entry);
  return { type: 'restored', base, head: Math.max(tip.head, last.position) };
}

function linked({ chain, entries }: LogStretch): Linked[] {
  let at = chain;
  return entries.map((entry) => {
    at = nextChain(at, entry);
    return { ...entry, chain: at };
  });
}

function standOf(db: Database, room: RoomId): { base: number; restored: boolean } {
  const row = db.get<{ base: number; restored: number }>(
    'SELECT base, restored FROM rooms WHERE room = ?',
    room,
  );
  return { base: row?.base ?? 0, restored: row?.restored === 1 };
}

function makeRoom(
  db: Database,
  table: Entries,
  stretch: LogStretch,
  entries: readonly Linked[],
): RestoreResult {
  const { room, chain, headers } = stretch;
  const [first, last] = [entries[0], entries.at(-1)];
  const opening = headers[0]?.commit ?? first?.commit;
  if (!first || !last || opening?.epoch !== 1) return CONFLICT;
  const base = first.position - 1;
  const genesis = chainAt(db, room, 0);
  if (base === 0 && (!genesis || !equalBytes(genesis, chain))) return CONFLICT;
  const tip: Tip = { epoch: 1, head: base, chain, time: 0 };
  insertRoom(db, opening, tip);
  const beginning = base === 0 ? null : chain;
  db.run('UPDATE rooms SET base = ?, base_chain = ?, restored = 1 WHERE room = ?', base, beginning, room);
  for (const { position, commit } of headers) {
    // The entry itself was not in the backup; its header is signed, and its chain hash is never asked for.
    const { time, author, id, signed } = commit;
    table.put(room, { position, time, kind: 'epoch', ...author, id, body: signed, chain: NO_CHAIN });
    enterHeader(db, commit, position);
  }
  for (const entry of entries) append(db, table, room, entry);
  return { type: 'restored', base, head: last.position };
}

/** The part before everything here: it has to lead to the hash behind which the log begins. */
function fillIn(
  db: Database,
  table: Entries,
  { room, chain }: LogStretch,
  entries: readonly Linked[],
): RestoreResult {
  const { base } = standOf(db, room);
  const [first, last] = [entries[0], entries.at(-1)];
  const known = chainAt(db, room, base);
  if (!first || !known || last?.position !== base || !equalBytes(last.chain, known)) return CONFLICT;
  const beginning = first.position - 1;
  const sql = 'DELETE FROM log WHERE room = ? AND position > ? AND position <= ?';
  db.run(sql, room, beginning, base);
  for (const entry of entries) table.put(room, entry);
  const behind = beginning === 0 ? null : chain;
  db.run('UPDATE rooms SET base = ?, base_chain = ? WHERE room = ?', beginning, behind, room);
  return { type: 'restored', base: beginning, head: tipOf(db, room)?.head ?? base };
}

/** The next entry, and what it changes, as when it came. */
function append(db: Database, table: Entries, room: RoomId, entry: Linked): void {
  const { position, chain, account, device, commit, counter } = entry;
  table.put(room, entry);
  db.run('UPDATE rooms SET head = ?, chain = ? WHERE room = ?', position, chain, room);
  if (commit) enterHeader(db, commit, position);
  if (entry.kind === 'leave') {
    endMembership(db, { room, account }, position);
    db.run('UPDATE members SET departed = 1 WHERE room = ? AND account = ?', room, account);
  }
  if (counter === undefined) return;
  const sql = `INSERT INTO counters (room, account, device, counter) VALUES (?, ?, ?, ?)
    ON CONFLICT (room, account, device) DO UPDATE SET counter = max(counter, excluded.counter)`;
  db.run(sql, room, account, device, counter);
}

import type { RoomId } from '@sotto/protocol';
import type { Append, AppendResult, LogStore, Mark, PageQuery, StoredEntry } from '../store.ts';
import { chainAt, isMember, storeTip, type Tip, tipOf } from './append.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Claims } from './claims.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { areReady, bind } from './files.ts';

export function sqliteLog(db: Database, entries: Entries, checkpoints: Checkpoints): LogStore {
  return {
    append: async (appends, marks, time) => {
      const { gate } = checkpoints;
      if (gate) await gate;
      const results = db.transaction(() => {
        putMarks(db, marks);
        return append(db, entries, appends, time);
      });
      checkpoints.committed();
      return results;
    },
    find: async (send) => earlier(entries, send),
    page: async (query) => page(db, query),
    chainAt: async (room, position) => chainAt(db, room, position),
    marks: async (room) =>
      db
        .all<Mark>('SELECT room, account, device, body FROM marks WHERE room = ?', room)
        .map((row) => ({ ...row })),
  };
}

function earlier(entries: Entries, send: Parameters<Entries['find']>[0]): AppendResult | undefined {
  const entry = entries.find(send);
  if (!entry) return undefined;
  if (entry.kind !== 'message') return { type: 'id_reused' };
  return { type: 'repeated', position: entry.position, time: entry.time };
}

function append(db: Database, entries: Entries, appends: readonly Append[], time: number): AppendResult[] {
  entries.refresh();
  const tips = new Map<RoomId, Tip | undefined>();
  const claims = new Claims(db);
  const changed = new Map<RoomId, Tip>();
  const results: AppendResult[] = [];
  for (const send of appends) {
    const { room } = send;
    if (!tips.has(room)) tips.set(room, tipOf(db, room));
    const tip = tips.get(room);
    // D3: the first answer goes before every refusal.
    const answered = earlier(entries, send) ?? judge(db, send, tip, claims);
    if (answered || !tip) {
      results.push(answered ?? { type: 'not_member' });
      continue;
    }
    const { account, device, id, body } = send;
    const position = entries.append(room, tip, { time, kind: 'message', account, device, id, body });
    claims.use(send);
    if (send.files) bind(db, send, position);
    changed.set(room, tip);
    results.push({ type: 'appended', position, time: tip.time });
  }
  for (const [room, tip] of changed) storeTip(db, room, tip);
  claims.store();
  return results;
}

/** Why the message cannot be appended, where it is a new one. */
function judge(db: Database, send: Append, tip: Tip | undefined, claims: Claims): AppendResult | undefined {
  const member = tip && claims.member(send, tip.epoch);
  if (!tip || !member) return { type: 'not_member' };
  if (send.epoch !== tip.epoch) return { type: 'stale_epoch', epoch: tip.epoch }; // R5
  const wrong = claims.check(send, member, tip);
  if (wrong) return { type: wrong };
  return !send.files || areReady(db, send) ? undefined : { type: 'file_missing' };
}

function putMarks(db: Database, marks: readonly Mark[]): void {
  for (const { room, account, device, body } of marks) {
    const sql = 'INSERT OR REPLACE INTO marks (room, account, device, body) VALUES (?, ?, ?, ?)';
    if (isMember(db, room, account)) db.run(sql, room, account, device, body);
  }
}

const ENTRY = 'position, time, kind, account, device, id, body';

function page(db: Database, query: PageQuery): StoredEntry[] {
  const order = query.take === 'oldest' ? 'ASC' : 'DESC';
  const rows = db.iterate<Omit<StoredEntry, 'body'> & { body: Uint8Array }>(
    `SELECT ${ENTRY} FROM log WHERE room = ? AND position > ? AND position <= ? ORDER BY position ${order} LIMIT ?`,
    query.room,
    query.from,
    query.to,
    query.limit,
  );
  const entries: StoredEntry[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.body.length;
    if (bytes > query.maxBytes && entries.length > 0) break;
    entries.push({ ...row, body: new Uint8Array(row.body) });
  }
  return query.take === 'oldest' ? entries : entries.reverse();
}

import type { RoomId } from '@sotto/protocol';
import type { Append, AppendResult, LogStore, Mark, PageQuery, StoredEntry } from '../store.ts';
import { chainAt, findEntry, insertNew, isMember, storeTip, type Tip, tipOf } from './append.ts';
import { Claims } from './claims.ts';
import type { Database } from './database.ts';

export function sqliteLog(db: Database): LogStore {
  return {
    append: async (appends, marks, time) =>
      db.transaction(() => {
        putMarks(db, marks);
        return append(db, appends, time);
      }),
    find: async (send) => earlier(db, send),
    page: async (query) => page(db, query),
    chainAt: async (room, position) => chainAt(db, room, position),
    marks: async (room) =>
      db
        .all<Mark>('SELECT room, account, device, body FROM marks WHERE room = ?', room)
        .map((row) => ({ ...row })),
  };
}

function earlier(db: Database, send: Parameters<typeof findEntry>[1]): AppendResult | undefined {
  const entry = findEntry(db, send);
  if (!entry) return undefined;
  if (entry.kind !== 'message') return { type: 'id_reused' };
  return { type: 'repeated', position: entry.position, time: entry.time };
}

function append(db: Database, appends: readonly Append[], time: number): AppendResult[] {
  const tips = new Map<RoomId, Tip | undefined>();
  const claims = new Claims(db);
  const changed = new Map<RoomId, Tip>();
  const results: AppendResult[] = [];
  for (const send of appends) {
    const { room } = send;
    if (!tips.has(room)) tips.set(room, tipOf(db, room));
    const tip = tips.get(room);
    const refused = judge(send, tip, claims);
    const position = refused || !tip ? undefined : insert(db, send, tip, time);
    if (tip && position !== undefined) {
      claims.use(send);
      changed.set(room, tip);
      results.push({ type: 'appended', position, time });
      continue;
    }
    // D3: the first answer goes before every refusal.
    const before = earlier(db, send) ?? refused;
    if (!before) throw new Error('the log has another entry in the place of the next one');
    results.push(before);
  }
  for (const [room, tip] of changed) storeTip(db, room, tip);
  claims.store();
  return results;
}

/** Why the message cannot be appended, where it is a new one. */
function judge(send: Append, tip: Tip | undefined, claims: Claims): AppendResult | undefined {
  const member = tip && claims.member(send, tip.epoch);
  if (!tip || !member) return { type: 'not_member' };
  if (send.epoch !== tip.epoch) return { type: 'stale_epoch', epoch: tip.epoch }; // R5
  const wrong = claims.check(send, member, tip);
  return wrong && { type: wrong };
}

function insert(db: Database, send: Append, tip: Tip, time: number): number | undefined {
  const { room, account, device, id, body } = send;
  return insertNew(db, room, tip, { time, kind: 'message', account, device, id, body });
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

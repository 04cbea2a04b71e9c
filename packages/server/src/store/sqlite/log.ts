import type { RoomId } from '@sotto/protocol';
import type { Append, AppendResult, LogStore, Mark, PageQuery, StoredEntry } from '../store.ts';
import { chainAt, findEntry, insertEntry, isMember, storeTip, type Tip, tipOf } from './append.ts';
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
  const results = appends.map((send): AppendResult => {
    const before = earlier(db, send); // D3: before the epoch is looked at
    if (before) return before;
    if (!tips.has(send.room)) tips.set(send.room, tipOf(db, send.room));
    const tip = tips.get(send.room);
    const member = tip && claims.member(send, tip.epoch);
    if (!tip || !member) return { type: 'not_member' };
    if (send.epoch !== tip.epoch) return { type: 'stale_epoch', epoch: tip.epoch }; // R5
    const wrong = claims.take(send, member, tip);
    if (wrong) return { type: wrong };
    const { account, device, id, body } = send;
    const position = insertEntry(db, send.room, tip, { time, kind: 'message', account, device, id, body });
    changed.set(send.room, tip);
    return { type: 'appended', position, time };
  });
  for (const [room, tip] of changed) storeTip(db, room, tip);
  claims.store();
  return results;
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

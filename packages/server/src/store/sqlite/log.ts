import type { RoomId } from '@sotto/protocol';
import type { Append, AppendResult, LogStore, PageQuery, Receipt, StoredEntry } from '../store.ts';
import { chainAt, type Head, headOf, isFull, isMember, storeHead } from './append.ts';
import type { Checkpoints } from './checkpoints.ts';
import { Claims } from './claims.ts';
import type { Database } from './database.ts';
import type { Entries } from './entries.ts';
import { areReady, bind } from './files.ts';

export function sqliteLog(db: Database, entries: Entries, checkpoints: Checkpoints): LogStore {
  return {
    append: async (appends, time) => {
      const { gate } = checkpoints;
      if (gate) await gate;
      const results = db.together(appends, (some) => append(db, entries, some, time));
      checkpoints.committed();
      return results;
    },
    receipt: async (receipts) => db.each(receipts, (receipt) => putReceipt(db, receipt)),
    find: async (send) => earlier(entries, send),
    page: async (query) => page(db, query),
    chainAt: async (room, position) => chainAt(db, room, position),
    receipts: async (room) =>
      db
        .all<Receipt>('SELECT room, account, device, body FROM receipts WHERE room = ?', room)
        .map((row) => ({ ...row })),
  };
}

function earlier(entries: Entries, send: Parameters<Entries['find']>[0]): AppendResult | undefined {
  const entry = entries.find(send);
  if (!entry) return undefined;
  if (entry.kind !== 'message') return { type: 'id_reused' };
  return { type: 'repeated', position: entry.position, time: entry.time };
}

/** D1–D3, R5. Runs inside a transaction. */
function append(db: Database, entries: Entries, appends: readonly Append[], time: number): AppendResult[] {
  entries.refresh();
  const heads = new Map<RoomId, Head | undefined>();
  const claims = new Claims(db);
  const changed = new Map<RoomId, Head>();
  const results: AppendResult[] = [];
  for (const send of appends) {
    const { room } = send;
    if (!heads.has(room)) heads.set(room, headOf(db, room));
    const head = heads.get(room);
    // D3: the first answer goes before every refusal.
    const answered = earlier(entries, send) ?? judge(db, send, head, claims);
    if (answered || !head) {
      results.push(answered ?? { type: 'not_member' });
      continue;
    }
    const { account, device, id, body } = send;
    const position = entries.append(room, head, { time, kind: 'message', account, device, id, body });
    claims.use(send);
    if (send.files) bind(db, send, position);
    changed.set(room, head);
    results.push({ type: 'appended', position, time: head.time });
  }
  for (const [room, head] of changed) storeHead(db, room, head);
  claims.store();
  return results;
}

/** Why the message cannot be appended, where it is a new one. */
function judge(db: Database, send: Append, head: Head | undefined, claims: Claims): AppendResult | undefined {
  const member = head && claims.member(send, head.epoch);
  if (!head || !member) return { type: 'not_member' };
  const wrong = claims.check(send, member, head);
  if (wrong === 'wrong_epoch') return { type: 'stale_epoch', epoch: head.epoch }; // R5
  if (isFull(head)) return { type: 'full' };
  if (wrong) return { type: wrong };
  return !send.files || areReady(db, send) ? undefined : { type: 'file_missing' };
}

function putReceipt(db: Database, { room, account, device, body }: Receipt): void {
  const sql = 'INSERT OR REPLACE INTO receipts (room, account, device, body) VALUES (?, ?, ?, ?)';
  if (isMember(db, room, account)) db.run(sql, room, account, device, body);
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

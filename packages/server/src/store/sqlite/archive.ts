import type { AccountId, ArchiveEntry } from '@sotto/protocol';
import type { ArchivePage, ArchiveStore } from '../store.ts';
import type { Database } from './database.ts';

export function sqliteArchive(db: Database): ArchiveStore {
  return {
    put: async (account, entries, limit) => db.transaction(() => put(db, account, entries, limit)),
    page: async (account, after, limit) => page(db, account, after, limit),
  };
}

function put(db: Database, account: AccountId, entries: readonly ArchiveEntry[], limit: number): boolean {
  const newest = new Map(entries.map((entry) => [entry.header, entry]));
  const changes: ArchiveEntry[] = [];
  let added = 0;
  for (const entry of newest.values()) {
    const sql = 'SELECT body FROM archive WHERE account = ? AND header = ?';
    const known = db.get<{ body: string }>(sql, account, entry.header);
    if (!known) added += 1;
    if (known?.body !== entry.body) changes.push(entry);
  }
  const size = 'SELECT count(*) AS size FROM archive WHERE account = ?';
  if (added > 0 && (db.get<{ size: number }>(size, account)?.size ?? 0) + added > limit) return false;
  // A changed entry moves behind all others, so that a device that read up to here sees it.
  let cursor = db.get<{ cursor: number }>(LAST, account)?.cursor ?? 0;
  for (const { room, header, body } of changes) {
    cursor += 1;
    db.run(
      `INSERT INTO archive (account, cursor, room, header, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (account, header) DO UPDATE SET cursor = excluded.cursor, room = excluded.room,
         body = excluded.body`,
      account,
      cursor,
      room,
      header,
      body,
    );
  }
  return true;
}

const LAST = 'SELECT coalesce(max(cursor), 0) AS cursor FROM archive WHERE account = ?';

function page(db: Database, account: AccountId, after: number, limit: number): ArchivePage {
  const rows = db.all<ArchiveEntry & { cursor: number }>(
    'SELECT cursor, room, header, body FROM archive WHERE account = ? AND cursor > ? ORDER BY cursor LIMIT ?',
    account,
    after,
    limit,
  );
  const last = rows.at(-1)?.cursor ?? after;
  const more = 'SELECT 1 FROM archive WHERE account = ? AND cursor > ? LIMIT 1';
  const next = rows.length === limit && db.get(more, account, last) ? last : null;
  return { entries: rows.map(({ room, header, body }) => ({ room, header, body })), next };
}

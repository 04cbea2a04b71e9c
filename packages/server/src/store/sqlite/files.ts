import type { AccountId, FileId } from '@sotto/protocol';
import type { Announced, Append, FileBounds, FileStore, NewFile, StoredFile } from '../store.ts';
import type { Database } from './database.ts';
import { announcePart, isSame, join, partOf, partProgress, partsOf, restartParts } from './file-parts.ts';

const COLUMNS = 'file, room, account, device, size, received, touched, completed, position';

export function sqliteFiles(db: Database): FileStore {
  return {
    announce: async (file, time, bounds) => db.transaction(() => announce(db, file, time, bounds)),
    announcePart: async (file, part, time, bounds) =>
      db.transaction(() =>
        announcePart(db, {
          file,
          part,
          known: get(db, file.file),
          announce: () => announce(db, file, time, bounds),
        }),
      ),
    get: async (file) => get(db, file),
    part: async (part) => partOf(db, part),
    parts: async (file) => partsOf(db, file),
    restartParts: async (file) => db.transaction(() => restartParts(db, file)),
    join: async (file, parts, time) => db.transaction(() => join(db, { file: get(db, file), parts, time })),
    progress: async (upload, received, time) =>
      db.transaction(() => {
        const sql = 'UPDATE files SET received = ?, touched = ? WHERE file = ?';
        if (db.run(sql, received, time, upload) === 0) partProgress(db, upload, received, time);
      }),
    complete: async (file, time) =>
      db.run(
        'UPDATE files SET received = size, touched = ?, completed = coalesce(completed, ?) WHERE file = ?',
        time,
        time,
        file,
      ) > 0,
    remove: async (file, account) =>
      db.transaction(() => {
        const known = get(db, file);
        if (known?.account !== account) return undefined;
        db.run('DELETE FROM files WHERE file = ?', file);
        return known;
      }),
    usage: async (account) => usage(db, account),
    total: async () => {
      const sql = 'SELECT count(*) AS files, coalesce(sum(received), 0) AS bytes FROM files';
      return { ...(db.get<{ files: number; bytes: number }>(sql) ?? { files: 0, bytes: 0 }) };
    },
    loose: async (before, limit) =>
      db
        .all<{ file: FileId }>(
          'SELECT file FROM files WHERE position IS NULL AND touched < ? ORDER BY touched LIMIT ?',
          before,
          limit,
        )
        .map(({ file }) => file),
    removeLoose: async (file, before) =>
      db.transaction(() => {
        const known = get(db, file);
        const sql = 'DELETE FROM files WHERE file = ? AND position IS NULL AND touched < ?';
        return db.run(sql, file, before) > 0 ? known : undefined;
      }),
    known: async (files) =>
      db
        .all<{ file: FileId }>(
          'SELECT file FROM files WHERE file IN (SELECT value FROM json_each(?))',
          JSON.stringify(files),
        )
        .map(({ file }) => file),
  };
}

function get(db: Database, file: FileId): StoredFile | undefined {
  const row = db.get<StoredFile>(`SELECT ${COLUMNS} FROM files WHERE file = ?`, file);
  return row && { ...row };
}

const usage = (db: Database, account: AccountId): number =>
  db.get<{ used: number }>('SELECT coalesce(sum(size), 0) AS used FROM files WHERE account = ?', account)
    ?.used ?? 0;

function announce(db: Database, wanted: NewFile, time: number, bounds: FileBounds): Announced {
  const { file, room, account, device, size } = wanted;
  const known = get(db, file);
  if (known) {
    return isSame(known, wanted) && partsOf(db, file).length === 0 ? 'same' : 'id_reused';
  }
  if (partOf(db, file)) return 'id_reused';
  if (bounds.quota !== null && usage(db, account) + size > bounds.quota) return 'quota';
  const open = 'SELECT count(*) AS open FROM files WHERE account = ? AND completed IS NULL';
  if ((db.get<{ open: number }>(open, account)?.open ?? 0) >= bounds.unfinished) return 'limit';
  db.run(
    'INSERT INTO files (file, room, account, device, size, received, touched) VALUES (?, ?, ?, ?, ?, 0, ?)',
    file,
    room,
    account,
    device,
    size,
    time,
  );
  return 'announced';
}

/** M6: each is complete, of this room and this account, and of no other message. */
export function areReady(db: Database, { files = [], room, account }: Append): boolean {
  return files.every((file) => {
    const known = get(db, file);
    return (
      known !== undefined &&
      known.room === room &&
      known.account === account &&
      known.completed !== null &&
      known.position === null
    );
  });
}

/** Within the transaction that appends their message. */
export function bind(db: Database, { files = [] }: Append, position: number): void {
  for (const file of files) db.run('UPDATE files SET position = ? WHERE file = ?', position, file);
}

import { type FileId, LIMITS } from '@sotto/protocol';
import type { Announced, FilePart, Joined, NewFile, StoredFile, StoredPart } from '../store.ts';
import type { Database } from './database.ts';

const COLUMNS = 'part, file, start AS "from", "end" AS "to", received';

export function partOf(db: Database, part: FileId): StoredPart | undefined {
  const row = db.get<StoredPart>(`SELECT ${COLUMNS} FROM file_parts WHERE part = ?`, part);
  return row && { ...row };
}

export const partsOf = (db: Database, file: FileId): StoredPart[] =>
  db
    .all<StoredPart>(`SELECT ${COLUMNS} FROM file_parts WHERE file = ? ORDER BY start`, file)
    .map((row) => ({ ...row }));

/** @param wanted `known`: the row of the file, if there is one; `announce` makes it */
export function announcePart(
  db: Database,
  wanted: { file: NewFile; part: FilePart; known: StoredFile | undefined; announce: () => Announced },
): Announced {
  const { file, part, known, announce } = wanted;
  const { from, to } = part;
  if (known && !isSame(known, file)) return 'id_reused';
  const same = partOf(db, part.part);
  if (same) return same.file === file.file && same.from === from && same.to === to ? 'same' : 'id_reused';
  if (part.part === file.file || isFile(db, part.part)) return 'id_reused';
  if (known) {
    const parts = partsOf(db, file.file);
    // A file that comes in one, or is here, gets no parts; no byte is in two of them.
    if (parts.length === 0 || known.completed !== null) return 'id_reused';
    if (parts.some((other) => from < other.to && other.from < to)) return 'id_reused';
    if (parts.length >= LIMITS.fileParts) return 'limit';
  } else {
    const outcome = announce();
    if (outcome !== 'announced') return outcome;
  }
  const sql = 'INSERT INTO file_parts (part, file, start, "end", received) VALUES (?, ?, ?, ?, 0)';
  db.run(sql, part.part, file.file, from, to);
  return 'announced';
}

export const isSame = (known: StoredFile, { account, room, size }: NewFile): boolean =>
  known.account === account && known.room === room && known.size === size;

const isFile = (db: Database, file: FileId): boolean =>
  db.get('SELECT 1 FROM files WHERE file = ?', file) !== undefined;

export function partProgress(db: Database, part: FileId, received: number, time: number): void {
  if (db.run('UPDATE file_parts SET received = ? WHERE part = ?', received, part) === 0) return;
  const here = '(SELECT sum(received) FROM file_parts WHERE file = files.file)';
  const file = '(SELECT file FROM file_parts WHERE part = ?)';
  db.run(`UPDATE files SET received = ${here}, touched = ? WHERE file = ${file}`, time, part);
}

export function restartParts(db: Database, file: FileId): void {
  const sql = 'UPDATE files SET received = 0 WHERE file = ? AND completed IS NULL';
  if (db.run(sql, file) > 0) db.run('UPDATE file_parts SET received = 0 WHERE file = ?', file);
}

export function join(
  db: Database,
  { file, parts, time }: { file: StoredFile | undefined; parts: readonly FileId[]; time: number },
): Joined {
  const known = file ? partsOf(db, file.file) : [];
  if (!file || known.length === 0 || known.length !== parts.length) return 'others';
  if (known.some(({ part }, index) => part !== parts[index])) return 'others';
  if (file.completed !== null) return 'joined';
  let at = 0;
  for (const { from, to, received } of known) {
    if (from !== at || received !== to - from) return 'incomplete';
    at = to;
  }
  if (at !== file.size) return 'incomplete';
  const sql = 'UPDATE files SET received = size, touched = ?, completed = ? WHERE file = ?';
  db.run(sql, time, time, file.file);
  return 'joined';
}

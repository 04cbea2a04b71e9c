import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FileId } from '@sotto/protocol';
import { sizeOf, syncFolder } from '../../files/folder.ts';

/** What a database says of finished uploads, compared with what is there. */
export interface FileReport {
  readonly files: number;
  readonly bytes: number;
  /** What is wrong, one sentence each; empty where all is well. */
  readonly problems: readonly string[];
}

interface Row {
  readonly file: FileId;
  readonly room: string;
  readonly size: number;
  readonly position: number | null;
}

/** The files of a backup rest beside it. */
export const filesOf = (backup: string): string => `${backup}.files`;

/** M6: every file that is said to be complete is here, in its size. The bytes themselves only its receivers can check. */
export async function checkFolder(database: string, folder: string): Promise<FileReport> {
  const problems: string[] = [];
  let [files, bytes] = [0, 0];
  for (const row of finished(database)) {
    const found = await sizeOf(join(folder, row.file));
    if (found === row.size) {
      files += 1;
      bytes += row.size;
    } else problems.push(describe(row, found));
  }
  return { files, bytes, problems };
}

/**
 * Puts the finished files that a database names from one folder into a new one: as further names of the same bytes where both
 * are on one disk (a finished file never changes), else as copies.
 */
export async function copyFiles(database: string, from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const { file, size } of finished(database)) {
    if ((await sizeOf(join(from, file))) === size) await place(join(from, file), join(to, file));
  }
  await syncFolder(to);
}

/** Adds the finished files that a database names to a folder. What is there stays. */
export async function addFiles(database: string, from: string, to: string): Promise<FileReport> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const { file, size } of finished(database)) {
    const target = join(to, file);
    if ((await sizeOf(target)) === size || (await sizeOf(join(from, file))) !== size) continue;
    const part = `${target}.part`;
    await rm(part, { force: true });
    await place(join(from, file), part);
    await rename(part, target);
  }
  await syncFolder(to);
  return checkFolder(database, to);
}

/** What was deleted between the copy of the database and that of its files is no loss: the copy forgets it too. */
export function forgetDeleted(copy: string, original: string): void {
  const known = new Set(finished(original).map(({ file }) => file));
  const gone = finished(copy).filter(({ file }) => !known.has(file));
  if (gone.length === 0) return;
  const db = new DatabaseSync(copy);
  try {
    for (const { file } of gone) db.prepare('DELETE FROM files WHERE file = ?').run(file);
  } finally {
    db.close();
  }
}

async function place(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    // Another disk, or one without such names: a copy, then.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    const handle = await open(to, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** As of one moment. A database from before files has none. */
function finished(database: string): Row[] {
  const db = new DatabaseSync(database, { readOnly: true, timeout: 5_000 });
  try {
    if (!db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'files'").get()) return [];
    const sql = 'SELECT file, room, size, position FROM files WHERE completed IS NOT NULL ORDER BY file';
    return db.prepare(sql).all() as unknown as Row[];
  } finally {
    db.close();
  }
}

function describe({ file, room, size, position }: Row, found: number | undefined): string {
  const where = position === null ? 'not sent yet' : `of entry ${position}`;
  const what = found === undefined ? 'is not here' : `has ${found} bytes instead of ${size}`;
  return `Room ${room}: file ${file} (${where}) ${what}.`;
}

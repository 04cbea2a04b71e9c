import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filesIn } from '../../files/local-blobs.ts';
import { StoreError } from '../error.ts';
import { addFiles, checkFolder, copyFiles, type FileReport, filesOf, forgetDeleted } from './backup-files.ts';
import { checkDatabase, type Report } from './check.ts';
import { databaseIn, isThere, mustExist, NO_DATABASE } from './place.ts';

export interface FullReport extends Report {
  /** Files that came along; a problem with one of them stops nothing. */
  readonly files: FileReport;
}

/**
 * Copies a data folder's database into one file, as of one moment, while the server goes on writing; then reads the copy
 * from end to end. Then the files that it names, into a folder beside it: in this order, since a file is whole before its
 * row says so. The backup appears only when it is whole and on disk. @throws StoreError
 */
export async function backUp(folder: string, file: string): Promise<FullReport> {
  await mustExist(databaseIn(folder), NO_DATABASE);
  for (const path of [file, filesOf(file)]) {
    if (await isThere(path)) throw new StoreError(`${path} exists already. Choose another name.`);
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  await rm(part, { force: true });
  // Made here first, so that only this user can read it.
  await (await open(part, 'wx', 0o600)).close();
  const db = new DatabaseSync(databaseIn(folder), { timeout: 10_000 });
  try {
    db.prepare('VACUUM INTO ?').run(part);
  } finally {
    db.close();
  }
  const report = checked(part);
  const files = await takeFiles(part, folder);
  await onDisk(part);
  await rename(filesOf(part), filesOf(file));
  await rename(part, file);
  await onDisk(dirname(file));
  return { ...report, files };
}

async function takeFiles(copy: string, folder: string): Promise<FileReport> {
  await copyFiles(copy, filesIn(folder), filesOf(copy));
  forgetDeleted(copy, databaseIn(folder));
  return checkFolder(copy, filesOf(copy));
}

/**
 * Puts a backup into a data folder after reading it from end to end. What was there is kept beside it under another
 * name. @throws StoreError where the backup is damaged or a server runs on the folder
 */
export async function restore(file: string, folder: string): Promise<{ report: FullReport; kept?: string }> {
  await mustExist(file, `${basename(file)}: there is no such backup.`);
  const report = checked(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const target = databaseIn(folder);
  const part = `${target}.part`;
  await copyFile(file, part);
  await onDisk(part);
  const files = await addFiles(file, filesOf(file), filesIn(folder));
  const kept = (await isThere(target)) ? await setAside(target) : undefined;
  await rename(part, target);
  await onDisk(folder);
  return { report: { ...report, files }, ...(kept ? { kept } : {}) };
}

/** Takes the database in use out of the way, journal and all. */
async function setAside(target: string): Promise<string> {
  const db = new DatabaseSync(target, { timeout: 0 });
  try {
    // Taken only where nobody else has it open; folds the journal into the file.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE;');
    db.exec('BEGIN EXCLUSIVE; COMMIT;');
  } catch (cause) {
    throw new StoreError('A server runs on this folder. Stop it first.', { cause });
  } finally {
    db.close();
  }
  const kept = `${target}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  await rename(target, kept);
  for (const end of ['-wal', '-shm']) await rm(target + end, { force: true });
  return kept;
}

function checked(file: string): Report {
  const report = checkDatabase(file);
  const [problem] = report.problems;
  if (problem) throw new StoreError(`The backup is damaged. ${problem}`);
  return report;
}

async function onDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

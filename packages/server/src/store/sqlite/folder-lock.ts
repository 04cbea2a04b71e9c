import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';

const TAKEN =
  'SOTTO_DATA: another Sotto server is running on this folder. Stop that one, or choose another folder for this one.';

/**
 * Keeps a second server away from a data folder, by SQLite's own lock on a file beside the database: whoever held it and
 * crashed holds it no more. @returns gives it back
 * @throws StoreError where another server has it
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'sotto.lock');
  closeSync(openSync(file, 'a', 0o600)); // what is wrong with the folder, the system says better than SQLite
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) {
      throw new StoreError(TAKEN, { cause: error }); // SQLITE_BUSY
    }
    throw error;
  }
  return () => lock.close();
}

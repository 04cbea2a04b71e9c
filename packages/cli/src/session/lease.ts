import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's primary result code for a file that another process has locked. */
const BUSY = 5;

/**
 * One process at a time uses an account: two would draw the same counters (M2). The lock is SQLite's own on an
 * empty file, so the system gives it back even where a process is killed.
 * @returns gives the account back; null where another process has it
 */
export function takeLease(directory: string, account: string): (() => void) | null {
  const path = join(directory, `${account}.lease`);
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return null;
    throw error;
  }
}

import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Milliseconds to wait for another process. */
const BUSY_TIMEOUT = 2_000;

/** Opens, or makes, a SQLite file only its owner can read; what it acknowledges is on disk. */
export function openPrivateDatabase(path: string, schema: string): DatabaseSync {
  // SQLite would make it readable for others; its -wal and -shm files take this file's mode.
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      ${schema}
    `);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

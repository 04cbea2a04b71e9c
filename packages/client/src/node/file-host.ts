import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StorageError, type StorageHost, type StoredProfile } from '../seams/storage.ts';
import { asStorageError } from './file-errors.ts';
import { openFileKey } from './file-key.ts';
import { FileStorage } from './file-storage.ts';
import { openPrivateDatabase } from './private-database.ts';
import { processLocks } from './process-locks.ts';
import { RowSeal } from './row-seal.ts';
import { eraseSealedDirectory, sealedDirectory } from './sealed-directory.ts';

const PROFILES = `CREATE TABLE IF NOT EXISTS profiles (
  account TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, identity BLOB NOT NULL, last_used INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS unfinished (account TEXT PRIMARY KEY);`;

const ALL =
  'SELECT profiles.*, unfinished.account IS NOT NULL AS unfinished FROM profiles LEFT JOIN unfinished USING (account)';

/**
 * The stores of one directory: `profiles.sqlite`, and for each account `<account>.account.sqlite` and its sealed files
 * (M6) in `<account>.files`. Only
 * their owner can read them. Rows are sealed under the key in `file-key.json`; names and numbers of rooms and
 * people, and the list of profiles, are not.
 * @param directory absolute; made where it is missing
 * @param passphrase guards the file key; without one, the rights of its file do alone
 */
export function fileHost(directory: string, passphrase?: string): StorageHost {
  // One at a time: stretching a passphrase takes memory.
  let opening: Promise<Buffer> | undefined;
  const fileKey = () => {
    opening ??= openFileKey(directory, passphrase).catch((error: unknown) => {
      opening = undefined; // a disk may have room again
      throw error;
    });
    return opening;
  };
  return {
    keepsKeysOpaque: false,
    profiles: async () =>
      withProfiles(directory, (database) =>
        database.prepare(`${ALL} ORDER BY last_used DESC`).all().map(readProfile),
      ),
    saveProfile: async ({ account, name, kind, identity, lastUsed, unfinished }) =>
      withProfiles(directory, (database) => {
        database.exec('BEGIN IMMEDIATE'); // closing the database ends what is not committed
        database
          .prepare('INSERT OR REPLACE INTO profiles VALUES (?, ?, ?, ?, ?)')
          .run(account, name, kind, identity, lastUsed);
        const mark = unfinished ? 'INSERT OR IGNORE INTO unfinished VALUES (?)' : FINISHED;
        database.prepare(mark).run(account);
        database.exec('COMMIT');
      }),
    async open(account) {
      const path = pathOf(directory, account);
      makeDirectory(directory);
      return FileStorage.open(path, new RowSeal(await fileKey(), account));
    },
    files: (account) => sealedDirectory(filesOf(directory, account)),
    async erase(account) {
      const path = pathOf(directory, account);
      // The keys first: a profile without a store can be erased again, a store without a profile is lost.
      await processLocks(path).exclusive('turn', async () => {
        for (const suffix of ['', '-wal', '-shm']) removeFile(path + suffix);
      });
      await eraseSealedDirectory(filesOf(directory, account));
      withProfiles(directory, (database) => {
        database.prepare('DELETE FROM profiles WHERE account = ?').run(account);
        database.prepare(FINISHED).run(account);
      });
    },
  };
}

const FINISHED = 'DELETE FROM unfinished WHERE account = ?';

/** @throws TypeError where the account could lead out of the directory */
function pathOf(directory: string, account: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(account)) throw new TypeError('account: expected base64url');
  return join(directory, `${account}.account.sqlite`);
}

const filesOf = (directory: string, account: string) =>
  pathOf(directory, account).replace(/\.account\.sqlite$/, '.files');

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asStorageError(error);
  }
}

function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw asStorageError(error);
  }
}

function withProfiles<T>(directory: string, use: (database: DatabaseSync) => T): T {
  makeDirectory(directory);
  try {
    const database = openPrivateDatabase(join(directory, 'profiles.sqlite'), PROFILES);
    try {
      return use(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw asStorageError(error);
  }
}

function readProfile(row: Record<string, unknown>): StoredProfile {
  const { account, name, kind, identity, last_used: lastUsed } = row;
  if (
    typeof account !== 'string' ||
    typeof name !== 'string' ||
    (kind !== 'guest' && kind !== 'password') ||
    !(identity instanceof Uint8Array) ||
    typeof lastUsed !== 'number'
  ) {
    throw new StorageError('broken', 'A profile in profiles.sqlite is damaged.');
  }
  const profile = { account, name, kind, identity: new Uint8Array(identity), lastUsed } as const;
  return row.unfinished === 1 ? { ...profile, unfinished: true } : profile;
}

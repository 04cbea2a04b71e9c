import { mkdir, open } from 'node:fs/promises';
import type { StoreOptions } from '../options.ts';
import type { Store } from '../store.ts';
import { sqliteAccounts } from './accounts.ts';
import { sqliteArchive } from './archive.ts';
import { Checkpoints } from './checkpoints.ts';
import { Database } from './database.ts';
import { sqliteDelivery } from './delivery.ts';
import { sqliteDevices } from './devices.ts';
import { durable } from './durable.ts';
import { Entries } from './entries.ts';
import { sqliteFiles } from './files.ts';
import { lockFolder } from './folder-lock.ts';
import { sqliteLog } from './log.ts';
import { databaseIn, mustExist, NO_DATABASE } from './place.ts';
import { sqliteProofs } from './proofs.ts';
import { sqliteResets } from './resets.ts';
import { sqliteRooms } from './rooms.ts';

/** The embedded store: one SQLite file in `folder` (D8). @throws StoreError where the file is from a newer version */
export async function openSqliteStore(
  folder: string,
  { onError = () => undefined, existing = false, alone = false }: StoreOptions = {},
): Promise<Store> {
  const file = databaseIn(folder);
  if (existing) await mustExist(file, NO_DATABASE);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = alone ? lockFolder(folder) : undefined;
  // Made here first, so that only this user can read it, and the journal beside it, in any folder.
  await (await open(file, 'a', 0o600)).close();
  const db = new Database(file);
  const entries = new Entries(db);
  const checkpoints = new Checkpoints(file, onError);
  const store = durable(db, {
    accounts: sqliteAccounts(db),
    devices: sqliteDevices(db),
    rooms: sqliteRooms(db, entries),
    log: sqliteLog(db, entries, checkpoints),
    delivery: sqliteDelivery(db),
    archive: sqliteArchive(db),
    files: sqliteFiles(db),
    proofs: sqliteProofs(db),
    resets: sqliteResets(db),
    secret: async (name, make) =>
      db.transaction(() => {
        const known = db.get<{ value: string }>('SELECT value FROM secrets WHERE name = ?', name);
        if (known) return known.value;
        const value = make();
        db.run('INSERT INTO secrets (name, value) VALUES (?, ?)', name, value);
        return value;
      }),
    ping: async () => {
      db.get('SELECT 1');
    },
  });
  return {
    ...store,
    close: async () => {
      await checkpoints.close();
      await db.close();
      unlock?.();
    },
  };
}

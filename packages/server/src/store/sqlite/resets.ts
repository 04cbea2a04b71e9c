import type { AccountId } from '@sotto/protocol';
import type { AccountReset, ResetStore } from '../store.ts';
import { storeVault } from './accounts.ts';
import type { Database } from './database.ts';
import { extend, newestListHash } from './devices.ts';

export function sqliteResets(db: Database): ResetStore {
  return {
    allow: async (account, { hash, until }) => {
      const sql = 'INSERT OR REPLACE INTO reset_codes (account, hash, until) VALUES (?, ?, ?)';
      db.run(sql, account, hash, until);
    },
    allows: async (account, code, now) => allows(db, account, code, now),
    reset: async (reset, now) => db.transaction(() => startOver(db, reset, now)),
  };
}

/** What is compared are hashes of random codes: how long it takes tells nothing of use. */
function allows(db: Database, account: AccountId, code: string, now: number): boolean {
  const sql = 'SELECT 1 FROM reset_codes WHERE account = ? AND hash = ? AND until > ?';
  return db.get(sql, account, code, now) !== undefined;
}

function startOver(
  db: Database,
  reset: AccountReset,
  now: number,
): 'reset' | 'same' | 'bad_code' | 'conflict' {
  const { account, name, code, list, previous, key, record, vault } = reset;
  const newest = newestListHash(db, account);
  if (newest === list.hash) return 'same'; // the first answer was lost
  if (!allows(db, account, code, now)) return 'bad_code';
  const [device] = list.devices;
  const known = 'SELECT 1 FROM devices WHERE device = ?';
  if (!device || newest !== previous || db.get(known, device.device)) return 'conflict';
  if (extend(db, account, { list, name, key }) !== 'extended') return 'conflict';
  // M5: nobody holds the archive's key any more.
  for (const table of ['archive', 'vaults', 'reset_codes']) {
    db.run(`DELETE FROM ${table} WHERE account = ?`, account);
  }
  storeVault(db, account, vault);
  const sql = "UPDATE accounts SET record = ?, recovery = NULL, kind = 'password' WHERE account = ?";
  db.run(sql, record, account);
  return 'reset';
}

import type { AccountId, VaultRecord } from '@sotto/protocol';
import type { AccountStore, NameConflict, NewAccount, StoredAccount, VaultChange } from '../store.ts';
import type { Database } from './database.ts';
import { insertList, putKey, stoodElsewhere } from './devices.ts';
import { conflictOf } from './names.ts';

const COLUMNS = 'account, name, kind, record, recovery, seen';

export function sqliteAccounts(db: Database): AccountStore {
  return {
    create: async (account) => db.transaction(() => create(db, account)),
    get: async (account) =>
      db.get<StoredAccount>(`SELECT ${COLUMNS} FROM accounts WHERE account = ?`, account),
    byName: async (folded) =>
      db.get<StoredAccount>(`SELECT ${COLUMNS} FROM accounts WHERE folded = ?`, folded),
    conflict: async (account, name) => conflictOf(db, account, name),
    everyone: async () => db.all<StoredAccount>(`SELECT ${COLUMNS} FROM accounts ORDER BY folded`),
    neighbours: async (account) => met(db, account, ''),
    companions: async (account) => met(db, account, 'AND mine.pending IS NULL AND other.pending IS NULL'),
    setSeen: async (account, time) => {
      db.run('UPDATE accounts SET seen = ? WHERE account = ?', time, account);
    },
    vault: async (account) => vaultOf(db, account),
    putVault: async (account, change) => db.transaction(() => putVault(db, account, change)),
  };
}

function met(db: Database, account: AccountId, further: string): AccountId[] {
  return db
    .all<{ account: AccountId }>(
      `SELECT DISTINCT other.account FROM members AS mine JOIN members AS other ON other.room = mine.room
       WHERE mine.account = ? AND mine.until IS NULL AND other.until IS NULL AND other.account <> mine.account
       ${further}`,
      account,
    )
    .map((row) => row.account);
}

function vaultOf(db: Database, account: AccountId): VaultRecord | undefined {
  const sql =
    'SELECT version, body, password_lock AS password, phrase_lock AS phrase FROM vaults WHERE account = ?';
  const row = db.get<VaultRecord>(sql, account);
  return row && { ...row };
}

function create(db: Database, input: NewAccount): 'created' | 'same' | 'id_reused' | NameConflict {
  const { account, name, list, key, password } = input;
  const first = db.get<{ hash: string }>('SELECT hash FROM lists WHERE account = ? AND version = 1', account);
  if (first) return first.hash === list.hash ? 'same' : 'id_reused';
  const conflict = conflictOf(db, account, name);
  if (conflict) return conflict;
  if (list.devices.some(({ device }) => stoodElsewhere(db, account, device))) return 'id_reused';
  db.run(
    'INSERT INTO accounts (account, name, folded, written, small, kind, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
    account,
    name.name,
    name.folded,
    name.written,
    name.small,
    password ? 'password' : 'guest',
    password?.record ?? null,
  );
  insertList(db, account, list);
  putKey(db, account, key);
  if (password) storeVault(db, account, password.vault);
  return 'created';
}

/** K5: compare-and-set; with what goes with it. Runs inside a transaction. */
function putVault(db: Database, account: AccountId, change: VaultChange): 'stored' | 'same' | 'conflict' {
  const { vault, recovery, record } = change;
  if (isStored(db, account, change)) return 'same'; // said again: the first answer may have been lost
  if (!storeVault(db, account, vault)) return 'conflict';
  if (recovery !== undefined) {
    db.run('UPDATE accounts SET recovery = ? WHERE account = ?', recovery, account);
  }
  if (record !== undefined) {
    db.run("UPDATE accounts SET record = ?, kind = 'password' WHERE account = ?", record, account);
  }
  return 'stored';
}

function isStored(db: Database, account: AccountId, { vault, recovery, record }: VaultChange): boolean {
  const known = vaultOf(db, account);
  const sql = `SELECT ${COLUMNS} FROM accounts WHERE account = ?`;
  const owner = db.get<StoredAccount>(sql, account);
  return (
    known?.version === vault.version &&
    known.body === vault.body &&
    known.password === vault.password &&
    known.phrase === vault.phrase &&
    (recovery === undefined || owner?.recovery === recovery) &&
    (record === undefined || owner?.record === record)
  );
}

/** K5: compare-and-set on the version. */
export function storeVault(db: Database, account: AccountId, vault: VaultRecord): boolean {
  const { version, body, password, phrase } = vault;
  if (version === 1) {
    const insert =
      'INSERT OR IGNORE INTO vaults (account, version, body, password_lock, phrase_lock) VALUES (?, 1, ?, ?, ?)';
    return db.run(insert, account, body, password, phrase) === 1;
  }
  const sql =
    'UPDATE vaults SET version = ?, body = ?, password_lock = ?, phrase_lock = ? WHERE account = ? AND version = ?';
  return db.run(sql, version, body, password, phrase, account, version - 1) === 1;
}

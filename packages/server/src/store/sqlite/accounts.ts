import type { AccountId, VaultRecord } from '@sotto/protocol';
import type { AccountStore, NewAccount, StoredAccount } from '../store.ts';
import type { Database } from './database.ts';
import { insertKey, insertList } from './devices.ts';

const COLUMNS = 'account, name, kind, record, seen';

export function sqliteAccounts(db: Database): AccountStore {
  return {
    create: async (account) => db.transaction(() => create(db, account)),
    get: async (account) =>
      db.get<StoredAccount>(`SELECT ${COLUMNS} FROM accounts WHERE account = ?`, account),
    byName: async (folded) =>
      db.get<StoredAccount>(`SELECT ${COLUMNS} FROM accounts WHERE folded = ?`, folded),
    everyone: async () => db.all<StoredAccount>(`SELECT ${COLUMNS} FROM accounts ORDER BY folded`),
    neighbours: async (account) =>
      db
        .all<{ account: AccountId }>(
          `SELECT DISTINCT other.account FROM members AS mine JOIN members AS other ON other.room = mine.room
           WHERE mine.account = ? AND mine.until IS NULL AND other.until IS NULL AND other.account <> mine.account`,
          account,
        )
        .map((row) => row.account),
    setSeen: async (account, time) => {
      db.run('UPDATE accounts SET seen = ? WHERE account = ?', time, account);
    },
    vault: async (account) => {
      const row = db.get<VaultRecord>(
        'SELECT version, body, password, phrase FROM vaults WHERE account = ?',
        account,
      );
      return row && { ...row };
    },
    putVault: async (account, vault) => putVault(db, account, vault),
  };
}

function create(db: Database, input: NewAccount): 'created' | 'same' | 'id_reused' | 'name_taken' {
  const { account, name, folded, list, key, password } = input;
  const first = db.get<{ hash: string }>('SELECT hash FROM lists WHERE account = ? AND version = 1', account);
  if (first) return first.hash === list.hash ? 'same' : 'id_reused';
  if (db.get('SELECT 1 FROM accounts WHERE folded = ?', folded)) return 'name_taken';
  db.run(
    'INSERT INTO accounts (account, name, folded, kind, record) VALUES (?, ?, ?, ?, ?)',
    account,
    name,
    folded,
    password ? 'password' : 'guest',
    password?.record ?? null,
  );
  insertList(db, account, list);
  insertKey(db, account, key);
  if (password) putVault(db, account, password.vault);
  return 'created';
}

/** K5: compare-and-set. */
function putVault(db: Database, account: AccountId, vault: VaultRecord): boolean {
  const { version, body, password, phrase } = vault;
  if (version === 1) {
    const insert =
      'INSERT OR IGNORE INTO vaults (account, version, body, password, phrase) VALUES (?, 1, ?, ?, ?)';
    return db.run(insert, account, body, password, phrase) === 1;
  }
  const sql =
    'UPDATE vaults SET version = ?, body = ?, password = ?, phrase = ? WHERE account = ? AND version = ?';
  return db.run(sql, version, body, password, phrase, account, version - 1) === 1;
}

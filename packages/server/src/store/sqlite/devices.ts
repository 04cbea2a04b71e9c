import { type AccountId, type DeviceId, type KeyAge, succession } from '@sotto/protocol';
import type {
  DeviceSeen,
  DeviceStore,
  NameConflict,
  NewList,
  NextList,
  StoredKey,
  StoredList,
} from '../store.ts';
import type { Database } from './database.ts';
import { conflictOf, takeName } from './names.ts';

const NEWEST = 'SELECT version, signed, hash FROM lists WHERE account = ? ORDER BY version DESC LIMIT 1';

export function sqliteDevices(db: Database): DeviceStore {
  return {
    newest: async (account) => db.get<StoredList>(NEWEST, account),
    listAt: async (account, version) => {
      const sql = 'SELECT version, signed, hash FROM lists WHERE account = ? AND version = ?';
      return db.get<StoredList>(sql, account, version);
    },
    versions: async () => {
      const sql = 'SELECT account, max(version) AS version FROM lists GROUP BY account';
      const rows = db.all<{ account: AccountId; version: number }>(sql);
      return new Map(rows.map(({ account, version }) => [account, version]));
    },
    listsAfter: async (account, version) =>
      db.all<StoredList>(
        'SELECT version, signed, hash FROM lists WHERE account = ? AND version > ? ORDER BY version',
        account,
        version,
      ),
    extend: async (account, next) => db.transaction(() => extend(db, account, next)),
    signingKey: async (account, device) => signingKey(db, account, device),
    keys: async (account) =>
      db.all<StoredKey>(
        'SELECT device, signed AS key, hash, not_before AS notBefore FROM exchange_keys WHERE account = ?',
        account,
      ),
    putKey: async (account, key) => db.transaction(() => putKey(db, account, key)),
    setSeen: async (seen) => db.each(seen, (one) => setSeen(db, one)),
    seen: async (account) =>
      db.all<{ device: DeviceId; seen: number }>(
        'SELECT device, seen FROM device_seen WHERE account = ?',
        account,
      ),
  };
}

function signingKey(db: Database, account: AccountId, device: DeviceId): string | undefined {
  return db.get<{ signing: string }>(
    'SELECT signing FROM devices WHERE account = ? AND device = ?',
    account,
    device,
  )?.signing;
}

function setSeen(db: Database, { account, device, seen }: DeviceSeen): void {
  const sql = `INSERT INTO device_seen (account, device, seen) VALUES (?, ?, ?)
    ON CONFLICT (account, device) DO UPDATE SET seen = max(seen, excluded.seen)`;
  db.run(sql, account, device, seen);
}

/** Attack 24: a device id belongs to the first account that lists it; clients count by device. */
export function stoodElsewhere(db: Database, account: AccountId, device: DeviceId): boolean {
  return db.get('SELECT 1 FROM devices WHERE device = ? AND account <> ?', device, account) !== undefined;
}

export function insertList(db: Database, account: AccountId, list: NewList): void {
  db.run(
    'INSERT INTO lists (account, version, signed, hash) VALUES (?, ?, ?, ?)',
    account,
    list.version,
    list.signed,
    list.hash,
  );
  for (const { device, signing } of list.devices) {
    db.run(
      'INSERT OR IGNORE INTO devices (account, device, signing) VALUES (?, ?, ?)',
      account,
      device,
      signing,
    );
  }
}

/** K2, attack 43: a device's key only ever gives way to a newer one. Runs inside a transaction. */
export function putKey(db: Database, account: AccountId, key: StoredKey): ReturnType<typeof succession> {
  const sql = 'SELECT hash, not_before AS notBefore FROM exchange_keys WHERE account = ? AND device = ?';
  const result = succession(db.get<KeyAge>(sql, account, key.device), key);
  if (result !== 'newer') return result;
  db.run(
    'INSERT OR REPLACE INTO exchange_keys (account, device, signed, hash, not_before) VALUES (?, ?, ?, ?, ?)',
    account,
    key.device,
    key.key,
    key.hash,
    key.notBefore,
  );
  return result;
}

/** K3: the next version; what belonged to devices it drops goes. Runs inside a transaction. */
export function extend(
  db: Database,
  account: AccountId,
  { list, name, key }: NextList,
): 'extended' | 'conflict' | 'key_changed' | NameConflict {
  const newest = db.get<StoredList>(NEWEST, account);
  if (newest?.version !== list.version - 1) return 'conflict';
  for (const { device, signing } of list.devices) {
    const known = signingKey(db, account, device);
    if (known === undefined ? stoodElsewhere(db, account, device) : known !== signing) return 'key_changed';
  }
  const conflict = conflictOf(db, account, name);
  if (conflict) return conflict;
  insertList(db, account, list);
  takeName(db, account, name);
  const kept = JSON.stringify(list.devices.map(({ device }) => device));
  // What waits for a device that is gone is nobody's any more.
  for (const table of ['exchange_keys', 'wraps', 'requests', 'receipts', 'device_seen']) {
    db.run(
      `DELETE FROM ${table} WHERE account = ? AND device NOT IN (SELECT value FROM json_each(?))`,
      account,
      kept,
    );
  }
  if (key) putKey(db, account, key);
  return 'extended';
}

/** The hash of the device's newest exchange key. */
export function keyHash(db: Database, account: AccountId, device: DeviceId): string | undefined {
  return db.get<{ hash: string }>(
    'SELECT hash FROM exchange_keys WHERE account = ? AND device = ?',
    account,
    device,
  )?.hash;
}

export function newestListHash(db: Database, account: AccountId): string | undefined {
  return db.get<StoredList>(NEWEST, account)?.hash;
}

import type { AccountId } from '@sotto/protocol';
import type { Load, RestoreStore, RestoreWindow } from '../store.ts';
import type { Database } from './database.ts';

export function sqliteRestores(db: Database): RestoreStore {
  return {
    setWindow: async (window) => db.transaction(() => setWindow(db, window)),
    window: async (now) => {
      const row = db.get<RestoreWindow>('SELECT until, bytes FROM restore_window WHERE until > ?', now);
      return row && { ...row };
    },
    charge: async (account, load, most) => db.transaction(() => charge(db, account, load, most)),
  };
}

function setWindow(db: Database, window: RestoreWindow | null): void {
  db.run('DELETE FROM restore_window');
  db.run('DELETE FROM restore_loads');
  if (!window) return;
  db.run('INSERT INTO restore_window (only, until, bytes) VALUES (1, ?, ?)', window.until, window.bytes);
}

const KINDS = ['rooms', 'people', 'entries', 'bytes'] as const;

function charge(db: Database, account: AccountId, load: Load, most: Load): 'charged' | 'account' | 'all' {
  const sql = 'SELECT rooms, people, entries, bytes FROM restore_loads WHERE account = ?';
  const before = db.get<Load>(sql, account) ?? { rooms: 0, people: 0, entries: 0, bytes: 0 };
  if (KINDS.some((kind) => before[kind] + load[kind] > most[kind])) return 'account';
  const all = 'SELECT coalesce(sum(bytes), 0) AS bytes FROM restore_loads';
  const { bytes = 0 } = db.get<RestoreWindow>('SELECT until, bytes FROM restore_window') ?? {};
  if ((db.get<{ bytes: number }>(all)?.bytes ?? 0) + load.bytes > bytes) return 'all';
  db.run(
    `INSERT INTO restore_loads (account, rooms, people, entries, bytes) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (account) DO UPDATE SET rooms = rooms + excluded.rooms, people = people + excluded.people,
       entries = entries + excluded.entries, bytes = bytes + excluded.bytes`,
    account,
    load.rooms,
    load.people,
    load.entries,
    load.bytes,
  );
  return 'charged';
}

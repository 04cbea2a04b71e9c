import type { ProofStore } from '../store.ts';
import type { Database } from './database.ts';

export function sqliteProofs(db: Database): ProofStore {
  return {
    keep: async (name, time, now) =>
      db.transaction(() => {
        db.run('DELETE FROM proofs WHERE time < ?', now);
        db.run('INSERT OR IGNORE INTO proofs (name, time) VALUES (?, ?)', name, time);
      }),
    after: async (time) =>
      db.all<{ name: string }>('SELECT name FROM proofs WHERE time >= ?', time).map(({ name }) => name),
  };
}

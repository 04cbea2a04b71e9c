import type { AccountId } from '@sotto/protocol';
import type { NameConflict, TakenName } from '../store.ts';
import type { Database } from './database.ts';

/** Attack 49: does somebody else have this name, or one that looks like it? */
export function conflictOf(db: Database, account: AccountId, name: TakenName): NameConflict | null {
  const others = (column: 'folded' | 'written' | 'small') =>
    db.get(`SELECT 1 FROM accounts WHERE ${column} = ? AND account <> ?`, name[column], account);
  if (others('folded')) return 'name_taken';
  return others('written') || others('small') ? 'name_confusable' : null;
}

/** K3: the account goes by what its newest list says. Runs inside the transaction that takes the list. */
export function takeName(
  db: Database,
  account: AccountId,
  { name, folded, written, small }: TakenName,
): void {
  const sql = 'UPDATE accounts SET name = ?, folded = ?, written = ?, small = ? WHERE account = ?';
  db.run(sql, name, folded, written, small, account);
}

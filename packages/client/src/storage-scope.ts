import { StorageError, type Table } from './seams/storage.ts';

/** What one transaction may touch; the same rules for every store, so that a mistake shows on all of them. */
export interface StorageScope {
  readonly tables: readonly Table[];
  readonly mode: 'read' | 'write';
}

/** @throws StorageError 'broken' where the table is not part of the transaction, or is only read */
export function assertInScope(scope: StorageScope, table: Table, access: 'read' | 'write'): void {
  if (!scope.tables.includes(table)) {
    throw new StorageError('broken', `table: expected one of ${scope.tables.join(', ')}, got ${table}`);
  }
  if (access === 'write' && scope.mode === 'read') {
    throw new StorageError('broken', `transaction: expected mode 'write' to change ${table}, got 'read'`);
  }
}

/** What the programmer is told where `work` awaited something foreign (see `Storage.transaction`). */
export const LEFT_TRANSACTION =
  'The work of a transaction awaited something other than an operation of that transaction.';

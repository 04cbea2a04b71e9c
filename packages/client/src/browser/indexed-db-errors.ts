import { StorageError } from '../seams/storage.ts';
import { LEFT_TRANSACTION } from '../storage-scope.ts';

/** What was there was erased, by another tab or by the browser. */
export function erased(cause?: unknown): StorageError {
  return new StorageError('gone', 'The store on this device was closed or erased.', cause);
}

/** What IndexedDB reports, as `StorageError`; what is not the store's failure is passed through. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  switch (error.name) {
    case 'QuotaExceededError':
      return new StorageError('full', 'The browser has no room left for this site.', error);
    case 'InvalidStateError':
    case 'AbortError':
      return erased(error);
    case 'TransactionInactiveError':
      return new StorageError('broken', LEFT_TRANSACTION, error);
    case 'DataCloneError':
    case 'DataError':
      // The caller's row or key was wrong, not the store.
      return error;
    default:
      return new StorageError('broken', `The browser's store failed: ${error.message}`, error);
  }
}

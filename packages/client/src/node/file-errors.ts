import { StorageError } from '../seams/storage.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const FULL = 13;

/** What SQLite and the file system report, as `StorageError`; what is not theirs is passed through. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if ('errcode' in error && typeof error.errcode === 'number') return fromSqlite(error, error.errcode & 0xff);
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return full(error);
    case 'ENOENT':
    case 'ERR_INVALID_STATE':
      return gone(error);
    case 'EBUSY':
      return blocked(error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
    case 'ENOTDIR':
      return new StorageError('broken', `The account's files cannot be used: ${error.message}`, error);
    default:
      return error;
  }
}

/** The files were closed or erased. */
export function gone(cause?: unknown): StorageError {
  return new StorageError('gone', 'The store on this device was closed or erased.', cause);
}

function fromSqlite(error: Error, code: number): StorageError {
  switch (code) {
    case FULL:
      return full(error);
    case BUSY:
    case LOCKED:
      return blocked(error);
    default:
      return new StorageError('broken', `The account's file failed: ${error.message}`, error);
  }
}

function full(cause: unknown): StorageError {
  return new StorageError('full', 'The disk has no room left.', cause);
}

function blocked(cause: unknown): StorageError {
  return new StorageError('blocked', 'Another process uses this account. End it and try again.', cause);
}

import { VerificationError } from '@sotto/crypto';
import { ClientError } from './error.ts';
import { StorageError } from './seams/storage.ts';

/** What broke a rule, and what the store failed at, as errors that interfaces have words for; everything else as it is. */
export function asTold(error: unknown): unknown {
  if (error instanceof StorageError) {
    const { code, message } = error;
    return new ClientError('usage', { reason: `store_${code}`, message, cause: error });
  }
  if (!(error instanceof VerificationError)) return error;
  const { rule, code, message } = error;
  const reason = code === 'bad_file' ? code : undefined;
  return new ClientError('verification', { reason, rule, message, cause: error });
}

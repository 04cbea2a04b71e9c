import { VerificationError } from '@sotto/crypto';
import { MalformedError } from '@sotto/protocol';
import { ClientError } from '../../../error.ts';

const OTHER_PHRASE = 'This backup was made under another recovery phrase. Use the words you had then.';
const NEWER = 'This backup was made by a newer version of Sotto. Update, then restore it.';
const DAMAGED = 'Nothing was restored. Copy the file again from where it was kept, or use another backup.';

/** What reading a backup fails with: whose fault it is and what to do; everything else as it is. */
export function asBackupError(cause: unknown): unknown {
  if (cause instanceof MalformedError) return new ClientError('bad_backup', { message: told(cause), cause });
  if (!(cause instanceof VerificationError)) return cause;
  if (cause.code === 'bad_phrase') return new ClientError('bad_phrase', { message: OTHER_PHRASE, cause });
  if (cause.code === 'unknown_version') return new ClientError('bad_backup', { message: NEWER, cause });
  return new ClientError('bad_backup', { message: told(cause), cause });
}

/** The reason as a sentence, without the number of its rule. */
function told({ message }: Error): string {
  const why = message.replace(/^\[\w+\] /, '').replace(/^backup: /, 'in the backup, ');
  return `${why.slice(0, 1).toUpperCase()}${why.slice(1)}. ${DAMAGED}`;
}

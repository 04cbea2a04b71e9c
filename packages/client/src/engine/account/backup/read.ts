import {
  importSigningKeySeed,
  type OpenBackup,
  openBackup,
  type SigningKey,
  type VerifiedList,
  verifyDeviceLists,
} from '@sotto/crypto';
import {
  type AccountId,
  type BackupAccount,
  type BackupEntries,
  type BackupPerson,
  type Bytes,
  concat,
  decodeBackupRecord,
  equalBytes,
  readBackupRecords,
  release,
} from '@sotto/protocol';
import type { BackupSource, BackupWatch, LeftOutFile } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import { Contents } from './contents.ts';
import { asBackupError } from './failures.ts';
import type { BackedUpFile, BackedUpRoom, Span, Stretch } from './spans.ts';

/** A backup that was read to its end: all of it is whole, its device lists and hash chains were verified. */
export interface OpenedBackup {
  readonly account: BackupAccount;
  readonly people: readonly BackupPerson[];
  readonly lists: ReadonlyMap<AccountId, readonly VerifiedList[]>;
  readonly rooms: readonly BackedUpRoom[];
  readonly files: readonly BackedUpFile[];
  readonly absent: readonly LeftOutFile[];
  readonly bytes: OpenBackup;
}

/**
 * Opens a backup and reads it once from its beginning to its end, so that nothing of a damaged one is ever used.
 * @throws ClientError 'bad_phrase', 'bad_backup'; VerificationError K3
 */
export async function readBackup(
  source: BackupSource,
  phraseKey: Bytes,
  { onProgress, signal }: BackupWatch = {},
): Promise<OpenedBackup> {
  const contents = new Contents();
  let bytes: OpenBackup;
  try {
    bytes = await openBackup(phraseKey, source);
    const totalBytes = bytes.size;
    for await (const placed of readBackupRecords(bytes.read())) {
      signal?.throwIfAborted();
      await contents.add(placed);
      if (placed.record.t === 'piece') release(placed.record.bytes);
      onProgress?.({ work: 'reading', done: 0, total: 0, bytes: placed.to, totalBytes });
    }
    contents.end();
  } catch (cause) {
    throw asBackupError(cause);
  }
  const { account, people, rooms, files, absent } = contents;
  if (!account) throw new ClientError('bad_backup');
  const lists = new Map<AccountId, VerifiedList[]>();
  for (const person of people) {
    lists.set(person.account, await verifyDeviceLists(null, person.lists, person.account, 'follow'));
  }
  return { account, people, lists, rooms, files, absent, bytes };
}

/** A record once more. */
async function recordAt(bytes: OpenBackup, { from, to }: Span) {
  const parts: Bytes[] = [];
  for await (const part of bytes.read(from, to)) parts.push(part);
  return decodeBackupRecord(concat(...parts));
}

/** The entries of a stretch. @throws ClientError 'bad_backup' where the file changed meanwhile */
export async function entriesOf(bytes: OpenBackup, stretch: Stretch): Promise<BackupEntries['entries']> {
  const record = await recordAt(bytes, stretch).catch((cause: unknown) => {
    throw asBackupError(cause);
  });
  if (record.t !== 'entries') throw new ClientError('bad_backup');
  return record.entries;
}

/** A sealed chunk of a file. @throws ClientError 'bad_backup' where the file changed meanwhile */
export async function pieceOf(bytes: OpenBackup, span: Span): Promise<Bytes> {
  const record = await recordAt(bytes, span).catch((cause: unknown) => {
    throw asBackupError(cause);
  });
  if (record.t !== 'piece') throw new ClientError('bad_backup');
  return record.bytes;
}

/** K1: the identity, which the account's own newest list has to name. @throws ClientError 'bad_backup' */
export async function identityOf(
  { account, lists }: OpenedBackup,
  options: { extractable: boolean },
): Promise<{ identity: SigningKey; newest: VerifiedList }> {
  const identity = await importSigningKeySeed(account.identitySeed, options);
  const newest = lists.get(account.account)?.at(-1);
  if (!newest || !equalBytes(newest.list.identity, identity.publicKey)) throw new ClientError('bad_backup');
  return { identity, newest };
}

import {
  importSigningKeySeed,
  openBackup,
  type SigningKey,
  VerificationError,
  type VerifiedList,
  verifyDeviceLists,
} from '@sotto/crypto';
import {
  type AccountId,
  type BackupAccount,
  type BackupEntries,
  type BackupPerson,
  type BackupRoom,
  type Bytes,
  equalBytes,
  MalformedError,
  readBackupRecords,
} from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import { phraseSecrets } from '../phrase-secrets.ts';

/** A conversation as the backup has it. */
export interface BackedUpRoom extends BackupRoom {
  readonly stretches: readonly BackupEntries[];
}

/** A backup that was opened and whose device lists were verified; the logs are, once they are read back. */
export interface OpenedBackup {
  readonly account: BackupAccount;
  readonly people: readonly BackupPerson[];
  readonly lists: ReadonlyMap<AccountId, readonly VerifiedList[]>;
  readonly rooms: readonly BackedUpRoom[];
  readonly phraseKey: Bytes;
  /** Public half of what the phrase proves, for the server. */
  readonly recovery: Bytes;
}

/**
 * Opens a backup with its recovery phrase.
 * @throws ClientError 'bad_phrase', 'bad_backup'; VerificationError K3
 */
export async function readBackup(file: Uint8Array, phrase: string): Promise<OpenedBackup> {
  const { phraseKey, recovery } = await phraseSecrets(phrase);
  let account: BackupAccount | undefined;
  const people: BackupPerson[] = [];
  const rooms: (BackupRoom & { stretches: BackupEntries[] })[] = [];
  try {
    for await (const record of readBackupRecords(openBackup(phraseKey, new Uint8Array(file)))) {
      if (record.t === 'account') account = record;
      else if (record.t === 'person') people.push(record);
      else if (record.t === 'room') rooms.push({ ...record, stretches: [] });
      else rooms.find(({ room }) => room === record.room)?.stretches.push(record);
    }
  } catch (cause) {
    if (cause instanceof MalformedError) throw new ClientError('bad_backup', { cause });
    if (!(cause instanceof VerificationError)) throw cause;
    if (cause.code !== 'bad_phrase') throw new ClientError('bad_backup', { cause });
    const message = 'This backup was made under another recovery phrase. Use the words you had then.';
    throw new ClientError('bad_phrase', { message, cause });
  }
  if (!account) throw new ClientError('bad_backup');
  const lists = new Map<AccountId, VerifiedList[]>();
  for (const person of people) {
    lists.set(person.account, await verifyDeviceLists(null, person.lists, person.account, 'follow'));
  }
  return { account, people, lists, rooms, phraseKey, recovery: recovery.publicKey };
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

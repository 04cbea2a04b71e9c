import type { Bytes } from '@sotto/protocol';
import type { BackupSource, BackupWatch, RestoredFiles } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import type { FileTransport, Transport } from '../../../seams/index.ts';
import type { EngineCore } from '../../core.ts';
import { phraseSecrets } from '../phrase-secrets.ts';
import { bringFiles } from './bring-files.ts';
import { readBackup } from './read.ts';
import { bringBack } from './rooms.ts';
import { demandWindow } from './window.ts';

/**
 * Brings files of a backup to the server for an account that is here: those that did not fit when it was restored, or that
 * the server lost. The conversations are compared first, so that no file comes to another message than its own.
 * @throws ClientError 'restore_closed', 'bad_backup', 'bad_phrase', 'usage'
 */
export async function restoreFiles(
  core: EngineCore,
  { transport, fileTransport }: { transport: Transport; fileTransport: FileTransport },
  { file, phrase, ...watch }: BackupWatch & { file: BackupSource; phrase?: string | undefined },
): Promise<RestoredFiles> {
  await demandWindow(transport);
  const backup = await readBackup(file, await keyOf(core, phrase), watch);
  if (backup.account.account !== core.keys.self.account) {
    throw new ClientError('usage', { message: 'This backup is of another account.' });
  }
  const concerned = new Set(backup.files.map(({ room }) => room));
  const rooms = backup.rooms.filter(({ room }) => concerned.has(room));
  watch.signal?.throwIfAborted();
  const elsewhere = await bringBack(core.calls, { ...backup, rooms }, watch.onProgress);
  const { calls, clock } = core;
  return bringFiles({ calls, transport: fileTransport, clock }, backup, { elsewhere, ...watch });
}

async function keyOf({ upkeep }: EngineCore, phrase: string | undefined): Promise<Bytes> {
  if (phrase !== undefined) return (await phraseSecrets(phrase)).phraseKey;
  const known = upkeep.keeper.content?.phraseKey;
  if (known) return known;
  throw new ClientError('bad_phrase', { message: 'Enter the words you had when the backup was made.' });
}

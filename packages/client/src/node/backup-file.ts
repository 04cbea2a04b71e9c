import { randomUUID } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Engine } from '../api.ts';
import type { BackupMade, BackupSource, BackupWatch } from '../backup.ts';
import { ClientError } from '../error.ts';
import { placeFile } from './place-file.ts';

/**
 * Works with a backup that rests in a file of this machine.
 * @throws ClientError 'usage' where it cannot be read; whatever `work` throws
 */
export async function withBackupFile<T>(
  path: string,
  work: (backup: BackupSource) => Promise<T>,
): Promise<T> {
  const handle = await open(path).catch((cause: Error) => {
    throw new ClientError('usage', { message: `${path} cannot be read: ${cause.message}`, cause });
  });
  try {
    const { size } = await handle.stat();
    const read: BackupSource['read'] = async (from, to) => {
      const bytes = new Uint8Array(to - from);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) throw new ClientError('bad_backup', { message: `${path} became shorter.` });
        at += bytesRead;
      }
      return bytes;
    };
    return await work({ size, read });
  } finally {
    await handle.close();
  }
}

/**
 * Makes a backup into a new file, readable by its owner only: it appears there whole, or not at all.
 * @throws ClientError 'usage' where something is there already, or it cannot be written
 */
export async function backUpToPath(
  engine: Engine,
  path: string,
  options: BackupWatch & { readonly files: boolean },
): Promise<BackupMade> {
  // Looked at before the work; in the end it is never written over.
  if (await isThere(path)) throw new ClientError('usage', { message: takenWords(path) });
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.part`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      const made = await engine.createBackup(async (part) => {
        for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
      }, options);
      await handle.sync();
      await placeFile(draft, path);
      return made;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unwritable(error, path) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

function unwritable(cause: Error, path: string): ClientError {
  const taken = 'code' in cause && cause.code === 'EEXIST';
  const message = taken ? takenWords(path) : `${path} cannot be made: ${cause.message}`;
  return new ClientError('usage', { message, cause });
}

const takenWords = (path: string) => `${path} cannot be made: it is there already.`;

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw unwritable(error instanceof Error ? error : new Error(String(error)), path);
  }
}

import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@sotto/protocol';
import type { SealedAppender, SealedFiles } from '../seams/sealed-files.ts';
import { asStorageError, gone } from './file-errors.ts';

const PART = 1_048_576;

/**
 * Sealed files in a folder that only its owner can read.
 * @param directory absolute; made once something is written
 */
export function sealedDirectory(directory: string): SealedFiles {
  const pathOf = (name: string) => {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new TypeError('file: expected base64url');
    return join(directory, name);
  };
  return {
    append: (name) => told(() => openAppender(directory, pathOf(name))),
    read: (name, from, to) => readParts(pathOf(name), from, to),
    size: (name) => told(async () => (await stat(pathOf(name)).catch(ignoreMissing))?.size ?? 0),
    delete: (name) => told(() => rm(pathOf(name), { force: true })),
    list: () => told(async () => (await readdir(directory).catch(ignoreMissing)) ?? []),
    left: () =>
      told(async () => {
        const disk = await statfs(directory).catch(ignoreMissing);
        return disk ? disk.bavail * disk.bsize : null;
      }),
  };
}

/** Removes all of an account's files. */
export const eraseSealedDirectory = (directory: string): Promise<void> =>
  told(() => rm(directory, { recursive: true, force: true }));

async function openAppender(directory: string, path: string): Promise<SealedAppender> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  return {
    write: (bytes) => told(() => writeAll(file, bytes)),
    close: () =>
      told(async () => {
        try {
          await file.sync();
        } finally {
          await file.close();
        }
        await syncDirectory(directory); // else a power cut may forget that the file exists
      }),
  };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* readParts(path: string, from: number, to: number): AsyncGenerator<Bytes> {
  if (from >= to) return;
  const file = await told(() => open(path));
  try {
    for (let at = from; at < to; ) {
      const part = new Uint8Array(Math.min(PART, to - at));
      const { bytesRead } = await told(() => file.read(part, 0, part.length, at));
      if (bytesRead === 0) throw gone();
      at += bytesRead;
      yield part.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asStorageError(error);
  }
}

import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { release } from '@sotto/protocol';
import { ClientError } from '../error.ts';
import type { NewFile, OpenFile } from '../files.ts';
import { placeFile } from './place-file.ts';

const READ = 1_048_576;

/** What the ending of a name says; the other side decides by itself what it shows (attack 31). */
const TYPES: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.m4a': 'audio/mp4',
  '.md': 'text/markdown',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.ogg': 'audio/ogg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.txt': 'text/plain',
  '.wav': 'audio/wav',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.zip': 'application/zip',
};

/**
 * A file of this machine, to be sent; read as a stream.
 * @param more.name how the others see it; the path's last part where left out
 * @throws ClientError 'usage' where there is no file to read
 */
export async function fileFromPath(
  path: string,
  more: Partial<Omit<NewFile, 'size' | 'open'>> = {},
): Promise<NewFile> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ClientError('usage', { reason: 'path_unread', path, cause });
  });
  if (!found.isFile()) throw new ClientError('usage', { reason: 'path_unread', path });
  return {
    name: basename(path),
    type: TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    size: found.size,
    open: () => readWhole(path),
    ...more,
  };
}

async function* readWhole(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    const buffer = new Uint8Array(READ); // the same for every part
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, READ);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Writes an opened file to a path: it appears there whole, or not at all.
 * @param options.overwrite else a file that is there stays, and this fails
 * @throws ClientError 'verification' (nothing is left of it), 'unreachable', 'usage'
 */
export async function saveToPath(
  file: OpenFile,
  path: string,
  options: { readonly overwrite?: boolean; readonly onProgress?: (done: number) => void } = {},
): Promise<void> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.part`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      let done = 0;
      for await (const part of file.read(0, file.size)) {
        for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
        done += part.length;
        release(part);
        options.onProgress?.(done);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.overwrite) await rename(draft, path);
    else await placeFile(draft, path);
  } catch (error) {
    throw asPathError(error, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function asPathError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const exists = 'code' in error && error.code === 'EEXIST';
  const reason = exists ? 'path_taken' : 'path_unwritten';
  return new ClientError('usage', { reason, path, cause: error });
}

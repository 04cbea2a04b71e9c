import { mkdir, open, opendir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileId, FileIdSchema, parseValue } from '@sotto/protocol';
import type { Blobs, ByteRange } from './blobs.ts';
import { sizeOf, statOf, syncFolder } from './folder.ts';
import { LocalUploads } from './local-uploads.ts';
import type { BlobParts } from './settings.ts';

/** Bytes read at once for a download. */
const READ = 262_144;

/** Files of a data folder, one per upload, named by its id. */
export const filesIn = (dataDir: string): string => join(dataDir, 'files');

/** D8: sealed bytes in a folder of this machine. */
export async function openLocalBlobs(folder: string, parts: BlobParts): Promise<Blobs> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = (file: FileId) => join(folder, file);
  const size = (file: FileId) => sizeOf(place(file));
  return {
    uploads: new LocalUploads(folder, parts),
    async finish(file) {
      const bytes = await size(file);
      if (bytes === undefined) return undefined;
      const handle = await open(place(file), 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await syncFolder(folder);
      return bytes;
    },
    size,
    read: (file, range) => readRange(place(file), range),
    remove: (file) => rm(place(file), { force: true }),
    async *list() {
      for await (const entry of await opendir(folder)) {
        const file = parseValue(FileIdSchema, entry.name);
        if (!file.ok || !entry.isFile()) continue;
        const changed = await changeOf(place(file.value));
        if (changed !== undefined) yield { file: file.value, changed };
      }
    },
    async free() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

/** Through one buffer, however long it is. */
async function* readRange(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.min(READ, end - start + 1));
    for (let at = start; at <= end; ) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, end - at + 1), at);
      if (bytesRead === 0) throw new Error('a file ended before its last byte');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const changeOf = async (path: string) => (await statOf(path))?.mtimeMs;

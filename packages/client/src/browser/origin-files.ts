import type { Bytes } from '@sotto/protocol';
import type { SealedAppender, SealedFiles } from '../seams/sealed-files.ts';
import { StorageError } from '../seams/storage.ts';
import { asStorageError, erased } from './indexed-db-errors.ts';

/**
 * A file is a folder of parts of this size: what was written shows only once its part is closed, so a crash costs the last
 * part and not the file, and writing on needs no copy of what is there.
 */
const PART = 16 * 1_048_576;
const READ = 4 * 1_048_576;

/** True where this browser's private file system can be written from a page (not before Safari 26). */
export async function hasOriginFiles(): Promise<boolean> {
  if (!('FileSystemFileHandle' in globalThis) || !('createWritable' in FileSystemFileHandle.prototype))
    return false;
  try {
    await navigator.storage.getDirectory();
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false; // refused in private windows
    throw error;
  }
}

/** Sealed files in the browser's private file system (OPFS), one folder for each account. */
export function originFiles(folder: string): SealedFiles {
  const root = async () =>
    (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
  const find = async (name: string) => missingAsNull((await root()).getDirectoryHandle(name));
  return {
    append: (name) =>
      told(async () => openAppender(await (await root()).getDirectoryHandle(name, { create: true }))),
    async *read(name, from, to) {
      const file = from < to ? await told(() => find(name)) : null;
      if (from < to && !file) throw erased();
      for (let at = from; file && at < to; ) {
        const part = await told(() => readFrom(file, at, to));
        at += part.length;
        yield part;
      }
    },
    size: (name) =>
      told(async () => {
        const file = await find(name);
        return file ? (await lengthOf(file)).size : 0;
      }),
    delete: (name) =>
      told(async () => {
        await missingAsNull((await root()).removeEntry(name, { recursive: true }));
      }),
    list: () =>
      told(async () => {
        const names: string[] = [];
        for await (const name of (await root()).keys()) names.push(name);
        return names;
      }),
    left: () => told(spaceLeft),
  };
}

/** Milliseconds other tabs have to finish and let go of an account that is erased. */
const ERASE_TIMEOUT = 10_000;

/** @throws StorageError 'blocked' where another tab goes on writing */
export async function eraseOriginFiles(folder: string): Promise<void> {
  if (!(await hasOriginFiles())) return;
  const root = await navigator.storage.getDirectory();
  for (const end = Date.now() + ERASE_TIMEOUT; ; ) {
    try {
      await missingAsNull(root.removeEntry(folder, { recursive: true }));
      return;
    } catch (error) {
      const isInUse = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!isInUse) throw asStorageError(error);
      if (Date.now() > end)
        throw new StorageError('blocked', 'Another tab uses this account. Close it.', error);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function spaceLeft(): Promise<number | null> {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
}

const partName = (index: number) => String(index).padStart(6, '0');

async function lengthOf(
  file: FileSystemDirectoryHandle,
): Promise<{ parts: number; last: number; size: number }> {
  let parts = 0;
  for await (const name of file.keys()) if (/^\d{6}$/.test(name)) parts = Math.max(parts, Number(name) + 1);
  if (parts === 0) return { parts, last: 0, size: 0 };
  const newest = await file.getFileHandle(partName(parts - 1));
  const last = (await newest.getFile()).size;
  return { parts, last, size: (parts - 1) * PART + last };
}

async function readFrom(file: FileSystemDirectoryHandle, at: number, to: number): Promise<Bytes> {
  const part = await file.getFileHandle(partName(Math.floor(at / PART)));
  const start = at % PART;
  const slice = (await part.getFile()).slice(start, Math.min(start + READ, start + to - at));
  if (slice.size === 0) throw erased();
  return new Uint8Array(await slice.arrayBuffer());
}

async function openAppender(file: FileSystemDirectoryHandle): Promise<SealedAppender> {
  const { parts, last } = await lengthOf(file);
  let index = parts > 0 && last < PART ? parts - 1 : parts;
  let filled = parts > 0 && last < PART ? last : 0;
  let writable: FileSystemWritableFileStream | undefined;
  const close = async () => {
    const ending = writable;
    writable = undefined;
    await ending?.close();
  };
  const open = async () => {
    const part = await file.getFileHandle(partName(index), { create: true });
    const opened = await part.createWritable({ keepExistingData: filled > 0 });
    if (filled > 0) await opened.seek(filled);
    return opened;
  };
  return {
    write: (bytes) =>
      told(async () => {
        for (let at = 0; at < bytes.length; ) {
          writable ??= await open();
          const taken = bytes.slice(at, at + PART - filled);
          await writable.write(taken);
          at += taken.length;
          filled += taken.length;
          if (filled < PART) continue;
          await close();
          index += 1;
          filled = 0;
        }
      }),
    close: () => told(close),
  };
}

async function missingAsNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') throw erased(error);
    throw asStorageError(error);
  }
}

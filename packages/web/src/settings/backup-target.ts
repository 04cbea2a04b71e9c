import { ClientError } from '@sotto/client';
import type { AccountId } from '../app/types.ts';
import type { FirstTexts } from '../texts/texts.ts';

/** Where a backup is written to, piece by piece. */
export interface BackupTarget {
  write(part: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All of it is there: it is handed to the person. */
  done(): Promise<void>;
  /** Nothing of it stays. */
  discard(): Promise<void>;
}

/** Above this, a person is asked for the place, where the browser can write there directly. */
const AT_ONCE = 32 * 1_048_576;
/** Without any way to write in pieces, this much fits into a page. */
const MOST_IN_MEMORY = 512 * 1_048_576;
/** What was written for a download goes this long after; the browser has copied it by then. */
const KEPT = 3_600_000;
const FOLDER = 'sotto-backups';
/** Says nothing that a system would open by itself. */
const TYPE = 'application/octet-stream';

/** Chromium's way to write where the user says; other browsers have none. */
interface WithSavePicker {
  showSaveFilePicker(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
}

const hasPicker = (page: object): page is WithSavePicker => 'showSaveFilePicker' in page;

/**
 * Has to be called within the click that asked for it.
 * @param account whose backup it is: what is left of it goes with the account
 * @param size about as much as will be written
 * @returns null where the person gave it up
 */
export async function openTarget(
  texts: FirstTexts,
  name: string,
  { account, size }: { account: AccountId; size: number },
): Promise<BackupTarget | null> {
  if (size > AT_ONCE && hasPicker(window)) return openPicked(window, name);
  return (await openPrivate(texts, name, account)) ?? openInMemory(texts, name);
}

async function openPicked(page: WithSavePicker, suggestedName: string): Promise<BackupTarget | null> {
  try {
    const handle = await page.showSaveFilePicker({ suggestedName });
    const file = await handle.createWritable();
    return { write: (part) => file.write(part), done: () => file.close(), discard: () => file.abort() };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Into the browser's private file system first, and from there to its downloads: it never rests in memory. */
async function openPrivate(
  texts: FirstTexts,
  name: string,
  account: AccountId,
): Promise<BackupTarget | null> {
  if (!('FileSystemFileHandle' in window) || !('createWritable' in FileSystemFileHandle.prototype))
    return null;
  const folder = await privateFolder();
  if (!folder) return null;
  await sweep(folder);
  const draft = `${account}.${Date.now()}`;
  const handle = await folder.getFileHandle(draft, { create: true });
  const file = await handle.createWritable();
  return {
    write: (part) => fitting(texts, file.write(part)),
    done: async () => {
      await fitting(texts, file.close());
      offer(await handle.getFile(), name);
    },
    discard: async () => {
      await Promise.allSettled([file.abort()]); // broken by itself where it was full
      await folder.removeEntry(draft);
    },
  };
}

const tooLarge = (texts: FirstTexts, cause?: unknown) =>
  new ClientError('usage', { message: texts.backup.tooLargeHere, cause });

/** @throws ClientError where the browser gives no room for more */
async function fitting(texts: FirstTexts, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') throw tooLarge(texts, error);
    throw error;
  }
}

/** Null where the browser refuses it, as in private windows. */
async function privateFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** What was handed over long ago. */
async function sweep(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const draft of folder.keys()) {
    if (!(Date.now() - Number(draft.split('.').at(-1)) < KEPT)) await folder.removeEntry(draft);
  }
}

function openInMemory(texts: FirstTexts, name: string): BackupTarget {
  const parts: Blob[] = [];
  let size = 0;
  return {
    async write(part) {
      size += part.length;
      if (size > MOST_IN_MEMORY) throw tooLarge(texts);
      // Browsers keep large blobs on disk.
      parts.push(new Blob([part]));
    },
    done: async () => offer(new Blob(parts), name),
    discard: async () => void parts.splice(0),
  };
}

function offer(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob.slice(0, blob.size, TYPE));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

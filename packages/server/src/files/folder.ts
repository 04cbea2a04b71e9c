import { open, stat } from 'node:fs/promises';

/** Of a file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const found = await statOf(path);
  return found?.isFile() ? found.size : undefined;
}

/** Of whatever is there. */
export async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A file's name is durable only with its folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

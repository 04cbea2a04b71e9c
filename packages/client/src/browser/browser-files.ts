import type { SealedFiles } from '../seams/sealed-files.ts';
import { eraseChosenFiles } from './chosen-files.ts';
import { databaseFiles, eraseDatabaseFiles } from './database-files.ts';
import { eraseOriginFiles, hasOriginFiles, originFiles } from './origin-files.ts';

const folderOf = (account: string) => `sotto-${account}`;
const databaseOf = (account: string) => `sotto-${account}-files`;

/** An account's sealed files: in the private file system where the browser lets a page write it, else in IndexedDB. */
export function browserFiles(account: string): SealedFiles {
  let chosen: Promise<SealedFiles> | undefined;
  const files = () => {
    chosen ??= hasOriginFiles().then((has) =>
      has ? originFiles(folderOf(account)) : databaseFiles(databaseOf(account)),
    );
    return chosen;
  };
  return {
    append: async (name) => (await files()).append(name),
    async *read(name, from, to) {
      yield* (await files()).read(name, from, to);
    },
    size: async (name) => (await files()).size(name),
    delete: async (name) => (await files()).delete(name),
    list: async () => (await files()).list(),
    left: async () => (await files()).left(),
  };
}

export async function eraseBrowserFiles(account: string): Promise<void> {
  await eraseOriginFiles(folderOf(account));
  await eraseDatabaseFiles(databaseOf(account));
  await eraseChosenFiles(account);
}

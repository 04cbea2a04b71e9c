import { type DBSchema, deleteDB } from 'idb';
import { type Storage, StorageError, type StorageHost, type StoredProfile } from '../seams/storage.ts';
import { browserFiles, eraseBrowserFiles } from './browser-files.ts';
import { asStorageError } from './indexed-db-errors.ts';
import { IndexedDbStorage } from './indexed-db-storage.ts';
import { withDatabase } from './with-database.ts';

/** Milliseconds other tabs have to finish and let go of an account that is erased. */
const ERASE_TIMEOUT = 10_000;

interface ProfileSchema extends DBSchema {
  profiles: { key: string; value: StoredProfile };
}

const withProfiles = withDatabase<ProfileSchema>('profiles');

/**
 * The stores of this origin: database `sotto` for profiles, `sotto-<account>` for each account. Rows are
 * structured clones, so private keys stay non-extractable (attack 32).
 */
export function indexedDbHost(): StorageHost {
  return {
    keepsKeysOpaque: true,
    async profiles() {
      const profiles = await withProfiles('sotto', (database) => database.getAll('profiles'));
      return profiles.sort((a, b) => b.lastUsed - a.lastUsed);
    },
    async saveProfile(profile) {
      keepThisOrigin();
      await withProfiles('sotto', async (database) => {
        const saving = database.transaction('profiles', 'readwrite', { durability: 'strict' });
        await Promise.all([saving.store.put(profile, profile.account), saving.done]);
      });
    },
    open: (account): Promise<Storage> => IndexedDbStorage.open(`sotto-${account}`),
    files: browserFiles,
    async erase(account) {
      // The keys first: a profile without a store can be erased again, a store without a profile is lost.
      await eraseDatabase(`sotto-${account}`);
      await eraseBrowserFiles(account);
      await withProfiles('sotto', async (database) => {
        const erasing = database.transaction('profiles', 'readwrite', { durability: 'strict' });
        await Promise.all([erasing.store.delete(account), erasing.done]);
      });
    },
  };
}

async function eraseDatabase(name: string): Promise<void> {
  const late = Promise.withResolvers<never>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const erasing = deleteDB(name, {
    // Tabs let go as soon as their running transaction ends; only one that hangs keeps it blocked.
    blocked: () => {
      timer = setTimeout(
        () => late.reject(new StorageError('blocked', 'Another tab uses this account. Close it.')),
        ERASE_TIMEOUT,
      );
    },
  });
  try {
    await Promise.race([erasing, late.promise]);
  } catch (error) {
    throw asStorageError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the browser not to evict this origin under storage pressure. It may refuse; the store works then too. */
function keepThisOrigin(): void {
  navigator.storage.persist().catch(() => undefined);
}

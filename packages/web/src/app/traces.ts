import type { AccountId } from './types.ts';

/** One kind of place where a page keeps things; the account's own stores are the client's to erase. */
interface Place {
  /** Takes away whatever has the account's id in its name or its value. */
  erase(account: AccountId): Promise<void>;
  /** Names of what stands there. */
  names(): Promise<readonly string[]>;
}

/** Every place of this origin, whoever writes there: what comes later is found by the account's id too. */
const PLACES: readonly Place[] = [
  entriesOf(() => localStorage),
  entriesOf(() => sessionStorage),
  {
    names: databaseNames,
    async erase(account) {
      for (const name of await databaseNames()) if (name.includes(account)) await eraseDatabase(name);
    },
  },
  {
    names: async () => Array.fromAsync((await privateRoot())?.keys() ?? []),
    async erase(account) {
      const root = await privateRoot();
      if (root) await eraseEntries(root, account);
    },
  },
  {
    names: async () => [], // of builds, not of accounts
    async erase(account) {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) if (url.includes(account)) await cache.delete(url);
      }
    },
  },
];

/** Tells the other pages of this origin, whatever they show: their session storage is their own. */
const channel = () => new BroadcastChannel('sotto.forgotten');

/** The account was forgotten on this device: nothing of it stays, here and in other tabs. */
export async function forgetTraces(account: AccountId): Promise<void> {
  const others = channel();
  others.postMessage(account);
  others.close();
  await eraseTraces(account);
}

/** Does the same as soon as another tab forgets an account. @returns ends it */
export function followForgetting(): () => void {
  const others = channel();
  others.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string' && ACCOUNT.test(data)) void eraseTraces(data as AccountId);
  });
  return () => others.close();
}

/**
 * Takes away what is left of accounts whose store is no longer here: written as another tab forgot them, or in a tab
 * that was closed meanwhile.
 */
export async function sweepTraces(): Promise<void> {
  if (!('databases' in indexedDB)) return;
  const names = (await Promise.all(PLACES.map((place) => place.names()))).flat();
  const here = new Set(await databaseNames());
  const left = new Set(names.map((name) => OWNED.exec(name)?.[1]).filter((id) => id !== undefined));
  for (const id of left) if (!here.has(`sotto-${id}`)) await eraseTraces(id as AccountId);
}

const ACCOUNT = /^[\w-]{22}$/;
/** `sotto-<account>`, `sotto-<account>-files`, `sotto.draft.<account>.<room>`. */
const OWNED = /^sotto[.-](?:[a-z]+\.)?([\w-]{22})(?=$|[.-])/;

async function eraseTraces(account: AccountId): Promise<void> {
  for (const place of PLACES) await place.erase(account);
}

function entriesOf(store: () => Storage): Place {
  return {
    names: async () => Object.keys(store()),
    async erase(account) {
      for (const [key, value] of Object.entries(store())) {
        if (key.includes(account) || String(value).includes(account)) store().removeItem(key);
      }
    },
  };
}

async function databaseNames(): Promise<string[]> {
  const databases = 'databases' in indexedDB ? await indexedDB.databases() : [];
  return databases.flatMap(({ name }) => name ?? []);
}

/** Where another tab still has it open, it goes as soon as that lets go. */
function eraseDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const erasing = indexedDB.deleteDatabase(name);
    erasing.onsuccess = erasing.onblocked = () => resolve();
    erasing.onerror = () => reject(erasing.error);
  });
}

/** Null where the browser refuses it, as in private windows. */
async function privateRoot(): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await navigator.storage.getDirectory();
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return null;
    throw error;
  }
}

async function eraseEntries(folder: FileSystemDirectoryHandle, account: AccountId): Promise<void> {
  try {
    for await (const entry of folder.values()) {
      if (entry.name.includes(account)) await folder.removeEntry(entry.name, { recursive: true });
      else if (entry.kind === 'directory') await eraseEntries(entry as FileSystemDirectoryHandle, account);
    }
  } catch (error) {
    // Another tab erases the same at this moment, or still writes it: the next sweep finds what is left.
    if (!(error instanceof DOMException && LATER.includes(error.name))) throw error;
  }
}

const LATER = ['NotFoundError', 'NoModificationAllowedError'];

import type { AccountId, RoomId } from '@sotto/protocol';
import { type DBSchema, deleteDB } from 'idb';
import { asStorageError } from './indexed-db-errors.ts';
import { withDatabase } from './with-database.ts';

/** One file that was chosen and is not sent yet. `key` is made when it is chosen, and is its own. */
export interface ChosenFile {
  readonly key: string;
  readonly file: File;
}

export interface ChosenTray {
  readonly files: readonly ChosenFile[];
  /** Pictures go out as they are. */
  readonly original: boolean;
}

/** What is chosen for a conversation rests on this device until it is sent, as drafts of text do. */
export interface ChosenFiles {
  /** `lost`: how many more were chosen that were too large to be kept. */
  load(room: RoomId): Promise<ChosenTray & { readonly lost: number }>;
  /** Keeps exactly these, in this order, as far as the room for them goes; an empty tray is forgotten. */
  save(room: RoomId, tray: ChosenTray): Promise<void>;
}

interface TrayRow {
  readonly files: readonly { readonly key: string; readonly size: number; readonly kept: boolean }[];
  readonly original: boolean;
}

interface Schema extends DBSchema {
  trays: { key: string; value: TrayRow };
  files: { key: [string, string]; value: File };
}

/** Bytes kept for one account in all its conversations: copies of what rests elsewhere on the device too. */
const KEEP = 256 * 2 ** 20;

const withTrays = withDatabase<Schema>('trays', 'files');
const databaseOf = (account: string) => `sotto-${account}-chosen`;

/** @param keep bytes that may rest here */
export function chosenFiles(account: AccountId, keep = KEEP): ChosenFiles {
  const name = databaseOf(account);
  return {
    load: (room) =>
      withTrays(name, async (database) => {
        const opened = database.transaction(['trays', 'files']);
        const row = await opened.objectStore('trays').get(room);
        const files: ChosenFile[] = [];
        for (const { key } of row?.files ?? []) {
          const file = await opened.objectStore('files').get([room, key]);
          if (file) files.push({ key, file });
        }
        const lost = (row?.files.length ?? 0) - files.length;
        return { files, original: row?.original ?? false, lost };
      }),
    save: (room, tray) =>
      withTrays(name, async (database) => {
        const opened = database.transaction(['trays', 'files'], 'readwrite');
        const [trays, files] = [opened.objectStore('trays'), opened.objectStore('files')];
        const here = new Set((await files.getAllKeys(allOf(room))).map(([, key]) => key));
        let left = keep - (await keptElsewhere(trays, room));
        const rows: TrayRow['files'][number][] = [];
        for (const { key, file } of tray.files) {
          const kept = file.size <= left;
          if (kept) left -= file.size;
          if (kept && !here.delete(key)) await files.put(file, [room, key]);
          rows.push({ key, size: file.size, kept });
        }
        for (const key of here) await files.delete([room, key]);
        if (rows.length > 0) await trays.put({ files: rows, original: tray.original }, room);
        else await trays.delete(room);
        await opened.done;
      }),
  };
}

export async function eraseChosenFiles(account: string): Promise<void> {
  try {
    await deleteDB(databaseOf(account));
  } catch (error) {
    throw asStorageError(error);
  }
}

const allOf = (room: RoomId) => IDBKeyRange.bound([room], [room, []]);

interface Trays {
  getAllKeys(): Promise<string[]>;
  getAll(): Promise<TrayRow[]>;
}

async function keptElsewhere(trays: Trays, room: RoomId): Promise<number> {
  const [keys, rows] = [await trays.getAllKeys(), await trays.getAll()];
  const others = rows.filter((_, index) => keys[index] !== room).flatMap(({ files }) => files);
  return others.reduce((sum, { size, kept }) => sum + (kept ? size : 0), 0);
}

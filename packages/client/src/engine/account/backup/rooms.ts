import { chainNext, type OpenBackup } from '@sotto/crypto';
import {
  type Ciphertext,
  LIMITS,
  type LogEntry,
  NameSchema,
  PATHS,
  parseValue,
  RestoredSchema,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import type { BackupWatch } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import type { SignedCalls } from '../../calls.ts';
import { type BackedUpRoom, entriesOf, type OpenedBackup, type Stretch } from './read.ts';

/** Characters of entries in one request, and what JSON adds to one entry. */
const PAGE_BYTES = 2_500_000;
const ENTRY_BYTES = 200;

/**
 * D1: brings the logs of a backup to the server. Said again it does no harm: what is there already is compared.
 * @returns conversations that could not be brought back: somebody else was here first, with another history
 */
export async function bringBack(
  calls: SignedCalls,
  backup: Pick<OpenedBackup, 'account' | 'people' | 'rooms' | 'bytes'>,
  onProgress?: BackupWatch['onProgress'],
): Promise<Set<RoomId>> {
  await bringPeople(calls, backup);
  const { rooms, bytes } = backup;
  const missing = new Set<RoomId>();
  const about = { work: 'conversations', total: rooms.length, bytes: 0, totalBytes: 0 } as const;
  for (const [done, room] of rooms.entries()) {
    onProgress?.({ ...about, done });
    try {
      await bringRoom(calls, room, bytes);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'restore_conflict') throw error;
      missing.add(room.room);
    }
  }
  onProgress?.({ ...about, done: rooms.length });
  return missing;
}

/** K3: lists of those who are not here, so that headers which name them can be verified. */
async function bringPeople(
  calls: SignedCalls,
  { account, people }: Pick<OpenedBackup, 'account' | 'people'>,
): Promise<void> {
  for (const { account: whose, name, lists } of people) {
    if (whose === account.account || lists.length === 0) continue;
    const named = parseValue(NameSchema, name);
    const person = {
      account: whose,
      name: named.ok ? named.value : 'Unknown',
      lists: lists.map(toBase64Url),
    };
    await calls.post(PATHS.restoredPeople, { people: [person] }, null);
  }
}

async function bringRoom(calls: SignedCalls, room: BackedUpRoom, bytes: OpenBackup): Promise<void> {
  const path = PATHS.restoredRoom(room.room);
  const here = await calls.get(path, RestoredSchema);
  const { stretches } = room;
  let headers: unknown[] = [];
  const send = async (page: readonly Linked[]) => {
    const [first] = page;
    if (!first) return;
    await calls.post(path, { chain: first.before, headers, entries: page.map(({ entry }) => entry) }, null);
    headers = [];
  };
  /** Of a stretch at a time, so that a long log is never here as a whole. */
  const pages = async (stretch: Stretch, wanted: (position: number) => boolean) =>
    pagesOf((await linked(bytes, stretch)).filter(({ entry }) => wanted(entry.position)));
  if (here.head === 0) {
    headers = room.headers.map(({ position, signed }) => ({ position, header: toBase64Url(signed) }));
  } else {
    // What it lacks at its beginning, from the end backwards: each page has to lead to what is there.
    for (const stretch of stretches.toReversed()) {
      if (stretch.after >= here.base) continue;
      for (const page of (await pages(stretch, (position) => position <= here.base)).reverse())
        await send(page);
    }
  }
  let sent = false;
  for (const stretch of stretches) {
    if (stretch.after + stretch.count <= here.head) continue;
    for (const page of await pages(stretch, (position) => position > here.head)) await send(page);
    sent = true;
  }
  const last = stretches.at(-1);
  // Where nothing is new, the newest of it is compared.
  if (sent || !last) return;
  const [newest] = await pages(
    last,
    (position) => position > here.base && position === last.after + last.count,
  );
  await send(newest ?? []);
}

/** An entry with the chain hash before it. */
interface Linked {
  readonly entry: LogEntry;
  readonly before: string;
}

async function linked(bytes: OpenBackup, stretch: Stretch): Promise<Linked[]> {
  const log: Linked[] = [];
  let at = stretch.chain;
  for (const [index, { body, ...plain }] of (await entriesOf(bytes, stretch)).entries()) {
    const entry = { ...plain, position: stretch.after + index + 1, body: toBase64Url(body) as Ciphertext };
    log.push({ entry, before: toBase64Url(at) });
    at = await chainNext(at, { ...entry, body });
  }
  return log;
}

function pagesOf(log: readonly Linked[]): Linked[][] {
  const pages: Linked[][] = [];
  let page: Linked[] = [];
  let bytes = 0;
  for (const one of log) {
    const size = one.entry.body.length + ENTRY_BYTES;
    if (page.length > 0 && (page.length === LIMITS.page || bytes + size > PAGE_BYTES)) {
      pages.push(page);
      [page, bytes] = [[], 0];
    }
    page.push(one);
    bytes += size;
  }
  if (page.length > 0) pages.push(page);
  return pages;
}

import { chainNext } from '@sotto/crypto';
import {
  type Ciphertext,
  LIMITS,
  type LogEntry,
  NameSchema,
  PATHS,
  parseValue,
  RestoredSchema,
  toBase64Url,
} from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { SignedCalls } from '../../calls.ts';
import type { BackupProgress } from './create.ts';
import type { BackedUpRoom, OpenedBackup } from './read.ts';

/** Characters of entries in one request, and what JSON adds to one entry. */
const PAGE_BYTES = 2_500_000;
const ENTRY_BYTES = 200;

/**
 * D1: brings the logs of a backup to the server. Said again it does no harm: what is there already is compared.
 * @returns how many conversations could not be brought back
 */
export async function bringBack(
  calls: SignedCalls,
  backup: OpenedBackup,
  onProgress?: BackupProgress,
): Promise<number> {
  await bringPeople(calls, backup);
  const { rooms } = backup;
  let missing = 0;
  for (const [index, room] of rooms.entries()) {
    onProgress?.(index, rooms.length);
    try {
      await bringRoom(calls, room);
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'restore_conflict') throw error;
      missing += 1; // somebody else was here first with another history
    }
  }
  onProgress?.(rooms.length, rooms.length);
  return missing;
}

/** K3: lists of those who are not here, so that headers which name them can be verified. */
async function bringPeople(calls: SignedCalls, { account, people }: OpenedBackup): Promise<void> {
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

async function bringRoom(calls: SignedCalls, room: BackedUpRoom): Promise<void> {
  const path = PATHS.restoredRoom(room.room);
  const here = await calls.get(path, RestoredSchema);
  const log = await linked(room);
  const send = (pages: readonly (readonly Linked[])[], headers: readonly unknown[]) =>
    pages.reduce(async (before, page) => {
      await before;
      const [first] = page;
      if (!first) return;
      await calls.post(path, { chain: first.before, headers, entries: page.map(({ entry }) => entry) }, null);
    }, Promise.resolve());
  const [mine, theirs] = [log.at(-1)?.entry.position ?? 0, here.head];
  if (theirs === 0) {
    const headers = room.headers.map(({ position, signed }) => ({ position, header: toBase64Url(signed) }));
    const [first, ...rest] = pagesOf(log);
    await send(first ? [first] : [], headers);
    return send(rest, []);
  }
  // What it lacks at its beginning, from the end backwards: each page has to lead to what is there.
  await send(pagesOf(log.filter(({ entry }) => entry.position <= here.base)).reverse(), []);
  const further = log.filter(({ entry }) => entry.position > theirs);
  // Where nothing is new, the newest of it is compared.
  const newest = log.filter(({ entry }) => entry.position > here.base).slice(-1);
  return send(mine > theirs ? pagesOf(further) : [newest], []);
}

/** An entry with the chain hash before it. */
interface Linked {
  readonly entry: LogEntry;
  readonly before: string;
}

async function linked({ chain, stretches }: BackedUpRoom): Promise<Linked[]> {
  const log: Linked[] = [];
  let at = chain;
  for (const { after, entries } of stretches) {
    for (const [index, { body, ...plain }] of entries.entries()) {
      const entry = { ...plain, position: after + index + 1, body: toBase64Url(body) as Ciphertext };
      log.push({ entry, before: toBase64Url(at) });
      at = await chainNext(at, { ...entry, body });
    }
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

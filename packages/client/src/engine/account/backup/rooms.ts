import { chainNext, type OpenBackup } from '@sotto/crypto';
import {
  type AccountId,
  type Ciphertext,
  LIMITS,
  type LogEntry,
  PATHS,
  RestoredSchema,
  type RoomId,
  toBase64Url,
} from '@sotto/protocol';
import type { BackupWatch } from '../../../backup.ts';
import { ClientError } from '../../../error.ts';
import type { SignedCalls } from '../../calls.ts';
import { claimedHeader } from '../../rooms/log/start.ts';
import { entriesOf, type OpenedBackup } from './read.ts';
import type { BackedUpRoom, Stretch } from './spans.ts';

/** Characters of entries in one request, and what JSON adds to one entry. */
const PAGE_BYTES = 2_500_000;
const ENTRY_BYTES = 200;
const HEADER_BYTES = 40;
/** How often a request waits for its turn. */
const WAITS = 100;
/** The server does not take this conversation, now or ever; others it may. */
const NOT_TAKEN: readonly string[] = [
  'restore_conflict',
  'not_member',
  'not_found',
  'rule_broken',
  'epoch_conflict',
  'list_conflict',
  'bad_signature',
  'unknown_device',
  'malformed',
  'too_large',
  'limit',
  'quota',
];

/**
 * D1: brings the logs of a backup to the server. Said again it does no harm: what is there already is compared.
 * @returns conversations that could not be brought back: they go on here with another history, or the server did not take them
 */
export async function bringBack(
  calls: SignedCalls,
  backup: Pick<OpenedBackup, 'account' | 'people' | 'rooms' | 'bytes'>,
  onProgress?: BackupWatch['onProgress'],
): Promise<Set<RoomId>> {
  await bringPeople(calls, backup);
  const { account, rooms, bytes } = backup;
  const missing = new Set<RoomId>();
  const about = { work: 'conversations', total: rooms.length, bytes: 0, totalBytes: 0 } as const;
  for (const [done, room] of rooms.entries()) {
    onProgress?.({ ...about, done });
    try {
      await bringRoom(calls, { account: account.account, bytes }, room);
    } catch (error) {
      if (!(error instanceof ClientError) || !NOT_TAKEN.includes(error.code)) throw error;
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
  for (const { account: whose, lists } of people) {
    if (whose === account.account || lists.length === 0) continue;
    const person = { account: whose, lists: lists.map(toBase64Url) };
    await post(calls, PATHS.restoredPeople, { people: [person] });
  }
}

async function bringRoom(
  calls: SignedCalls,
  { account, bytes }: { account: AccountId; bytes: OpenBackup },
  room: BackedUpRoom,
): Promise<void> {
  const path = PATHS.restoredRoom(room.room);
  const here = await hereOf(calls, path);
  const { stretches } = room;
  // Of a server that does not know that this account is in the room, the first requests show it, up to where it came in.
  let headers = here ? [] : await admissionIn(room, bytes, account);
  const admitted = headers.at(-1)?.position ?? 0;
  const send = async (page: readonly Linked[]) => {
    const [first] = page;
    if (!first) return;
    await post(calls, path, { chain: first.before, headers, entries: page.map(({ entry }) => entry) });
    if (page.some(({ entry }) => entry.position >= admitted)) headers = [];
  };
  /** Of a stretch at a time, so that a long log is never here as a whole. */
  const pages = async (stretch: Stretch, wanted: (position: number) => boolean) =>
    pagesOf(
      (await linked(bytes, stretch)).filter(({ entry }) => wanted(entry.position)),
      sizeOf(headers),
    );
  const { base, head } = here ?? { base: 0, head: 0 };
  // What it lacks at its beginning, from the end backwards: each page has to lead to what is there.
  for (const stretch of stretches.toReversed()) {
    if (stretch.after >= base) continue;
    for (const page of (await pages(stretch, (position) => position <= base)).reverse()) await send(page);
  }
  let sent = false;
  for (const stretch of stretches) {
    if (stretch.after + stretch.count <= head) continue;
    for (const page of await pages(stretch, (position) => position > head)) await send(page);
    sent = true;
  }
  const last = stretches.at(-1);
  // Where nothing is new, the newest of it is compared.
  if (sent || !last) return;
  const [newest] = await pages(last, (position) => position > base && position === last.after + last.count);
  await send(newest ?? []);
}

/** Waits as often as the server asks to: so much is more than it takes at once. */
async function post(calls: SignedCalls, path: string, body: unknown): Promise<void> {
  for (let left = WAITS; ; left -= 1) {
    try {
      await calls.post(path, body, null);
      return;
    } catch (error) {
      const asked = error instanceof ClientError && (error.code === 'rate_limited' || error.code === 'busy');
      if (!asked || left === 0 || !(await calls.heeds(error))) throw error;
    }
  }
}

/** What is there of a room; null where the server does not know this account in it, or not the room. */
async function hereOf(calls: SignedCalls, path: string): Promise<{ base: number; head: number } | null> {
  try {
    return await calls.get(path, RestoredSchema);
  } catch (error) {
    if (error instanceof ClientError && error.code === 'not_member') return null;
    throw error;
  }
}

interface PlacedHeader {
  readonly position: number;
  readonly header: string;
}

/** R1: the headers from the first to the one that admits the account, behind whose `seen` the log begins. */
async function admissionIn(
  { base, headers, stretches }: BackedUpRoom,
  bytes: OpenBackup,
  account: AccountId,
): Promise<PlacedHeader[]> {
  const found = headers.map(({ position, signed }) => ({ position, header: toBase64Url(signed) }));
  for (const stretch of stretches) {
    for (const [index, { kind, body }] of (await entriesOf(bytes, stretch)).entries()) {
      if (kind !== 'epoch') continue;
      found.push({ position: stretch.after + index + 1, header: toBase64Url(body) });
      const { members, seen } = claimedHeader(body);
      const admits = members.some((member) => member.account === account);
      if (admits && (base === 0 || seen.position === base)) return found;
    }
  }
  return found;
}

const sizeOf = (headers: readonly PlacedHeader[]) =>
  headers.reduce((size, { header }) => size + header.length + HEADER_BYTES, 0);

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

/** @param taken characters that go with the first page */
function pagesOf(log: readonly Linked[], taken: number): Linked[][] {
  const pages: Linked[][] = [];
  let page: Linked[] = [];
  let bytes = taken;
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

import {
  chainNext,
  demandSound,
  openMessage,
  signingKeyOf,
  VerificationError,
  type VerifiedHeader,
  verifyLeaveEntry,
} from '@sotto/crypto';
import {
  type Bytes,
  equalBytes,
  fromBase64Url,
  headerEntryId,
  type LogEntry,
  LogPageSchema,
  PATHS,
  type RoomId,
} from '@sotto/protocol';
import pMap from 'p-map';
import type { EntryRow, EntryWhat, HeaderRow, RoomRow } from '../../rows.ts';
import { alarmFrom, type RoomContext } from '../context.ts';
import type { EpochSecrets } from '../keys/secrets.ts';
import type { RoomRows } from '../room-rows.ts';
import { scrubDeleted } from './scrub.ts';
import { withLists } from './start.ts';

const PAGE = 100;
/** Entries opened at once: each goes through several operations on threads of the platform. */
const AT_ONCE = 16;

interface Needs extends Pick<RoomContext, 'calls' | 'directory' | 'keys' | 'locks'> {
  readonly rows: RoomRows;
  readonly secrets: Pick<EpochSecrets, 'get'>;
}

/** Older entries exist that this account may read: of its own time, or of before where the room lets it. */
export function mayReadOlder(row: RoomRow): boolean {
  const open = row.state.header?.header.policy.history === 'all';
  return row.oldest.position > (open ? 0 : row.earliest);
}

/**
 * Fetches and verifies the page before everything stored: its chain must end where the stored one begins.
 * @returns false where nothing older may be read
 */
export async function fetchOlder(context: Needs, room: RoomId): Promise<boolean> {
  const { calls, locks, rows } = context;
  return locks.exclusive(`room:${room}`, async () => {
    const row = await rows.reload(room);
    if (!row || !mayReadOlder(row)) return false;
    const path = `${PATHS.log(room)}?before=${row.oldest.position + 1}&limit=${PAGE}`;
    const page = await calls.get(path, LogPageSchema);
    const first = page.entries[0];
    const chain = fromBase64Url(page.chain);
    if (!first || !chain) return false;
    const headers = await rows.headers(room);
    const linked: { entry: LogEntry; body: Bytes; chain: Bytes }[] = [];
    let at: Bytes = chain;
    for (const [index, entry] of page.entries.entries()) {
      const body = fromBase64Url(entry.body);
      if (!body || entry.position !== first.position + index) {
        throw new VerificationError('D1', 'gap', 'a page of older entries has a hole');
      }
      at = await chainNext(at, { ...entry, body });
      linked.push({ entry, body, chain: at });
    }
    if (linked.at(-1)?.entry.position !== row.oldest.position || !equalBytes(at, row.oldest.chain)) {
      throw new VerificationError('D1', 'fork', 'older entries do not lead to those known here');
    }
    const older = await pMap(
      linked,
      async ({ entry, body, chain }): Promise<EntryRow> => {
        const { position, time, kind, account, device, id } = entry;
        const what = await read(context, { room, headers, entry, body });
        return { position, time, kind, account, device, id, chain, what };
      },
      { concurrency: AT_ONCE },
    );
    await rows.commit(
      room,
      { entries: older, headers: [] },
      (stored) => ({ ...(stored ?? row), oldest: { position: first.position - 1, chain } }),
      async (tx) => {
        await scrubDeleted(tx, room, older, 'late');
      },
    );
    return true;
  });
}

async function read(
  context: Needs,
  at: { room: RoomId; headers: readonly HeaderRow[]; entry: LogEntry; body: Bytes },
): Promise<EntryWhat> {
  const { room, headers, entry, body } = at;
  const current = headers.findLast((row) => row.position <= entry.position)?.header;
  if (entry.kind === 'epoch') {
    const known = headers.find((row) => row.position === entry.position)?.header;
    if (known && isEntryOfHeader(known, entry) && equalBytes(known.signed, body)) {
      return { type: 'epoch', epoch: known.header.epoch, events: known.events };
    }
  }
  // Attacks 5, 27: who reads the past later refuses what those who were there refused.
  try {
    if (entry.kind === 'leave') {
      const { lookup: lists } = context.directory.lists;
      await withLists(context, () => verifyLeaveEntry(entry, body, { header: current, lists }));
      return { type: 'leave' };
    }
    const member = current?.header.members.find((m) => m.account === entry.account);
    const list = member && (await context.directory.lists.lookup(entry.account, member.list));
    const signing = list && signingKeyOf(list.list, entry.device);
    if (!current || !member || !signing || entry.kind === 'epoch') {
      throw new VerificationError('R3', 'not_member', 'the author was not a member then');
    }
    const { account, device, id } = entry;
    const claim = { room, kind: 'log', account, device, id, signing } as const;
    const opened = await openMessage(body, claim, {
      header: current,
      secret: await context.secrets.get(current),
    });
    const { epoch } = opened.header;
    demandSound(opened.header, { epoch, list: member.list, counter: 0 });
    return opened.content
      ? { type: 'message', epoch, content: opened.content }
      : { type: 'locked', epoch, signed: body };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { type: 'rejected', alarm: alarmFrom(error, entry.time, entry.account) };
  }
}

const isEntryOfHeader = ({ header, hash }: VerifiedHeader, { account, device, id }: LogEntry): boolean =>
  header.author.account === account && header.author.device === device && headerEntryId(hash) === id;

import {
  type RoomState,
  startRoom,
  startRoomAt,
  VerificationError,
  type VerifiedHeader,
  verifyHeader,
} from '@sotto/crypto';
import {
  type AccountId,
  type EpochHeader,
  EpochHeaderCodec,
  fromBase64Url,
  HeadersSchema,
  PATHS,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import type { HeaderRow } from '../rows.ts';
import type { RoomContext } from './context.ts';
import type { RoomRows } from './room-rows.ts';

/**
 * Runs `work`; where it misses a device list, fetches that account's lists once and runs it again.
 * @throws VerificationError still with `missing` where the server does not show the list
 */
export async function withLists<T>(context: RoomContext, work: () => Promise<T>): Promise<T> {
  const tried = new Set<string>();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VerificationError) || !error.missing) throw error;
      const name = `${error.missing.account}/${error.missing.version}`;
      if (tried.has(name)) throw error;
      tried.add(name);
      await context.directory.fetchLists([error.missing.account]);
    }
  }
}

/** Fetches in one request what a header's verification will ask for; verifies nothing of the header itself. */
export async function fetchListsFor(context: RoomContext, header: EpochHeader): Promise<void> {
  const { lists } = context.directory;
  const unknown: AccountId[] = [];
  for (const member of header.members) {
    const newest = await lists.newest(member.account);
    if ((newest?.list.version ?? 0) < member.list) unknown.push(member.account);
  }
  if (unknown.length > 1) await context.directory.fetchLists(unknown);
}

/**
 * R1: fetches the headers after those known, page by page, and verifies them as a chain from epoch 1.
 * @returns all headers of the room, in order
 */
async function fetchHeaders(context: RoomContext, rows: RoomRows, room: RoomId): Promise<HeaderRow[]> {
  const headers = await rows.headers(room);
  for (;;) {
    const known = headers.at(-1)?.header.header.epoch ?? 0;
    const answer = await context.calls.get(`${PATHS.headers(room)}?after=${known}`, HeadersSchema);
    if (answer.headers.length === 0) return headers;
    for (const { position, header } of answer.headers) {
      const previous = headers.at(-1)?.header ?? null;
      headers.push({ header: await verifyFetched(context, room, header, previous), position });
    }
  }
}

async function verifyFetched(
  context: RoomContext,
  room: RoomId,
  text: string,
  previous: VerifiedHeader | null,
): Promise<VerifiedHeader> {
  const signed = fromBase64Url(text);
  if (!signed) throw new VerificationError('R1', 'malformed', 'a header is not base64url');
  // Who made it is taken from the header itself; the signature then has to be that device's.
  const claimed = EpochHeaderCodec.decode(splitSigned(signed).payload);
  await fetchListsFor(context, claimed);
  const { author } = claimed;
  const { lookup } = context.directory.lists;
  return withLists(context, () =>
    verifyHeader(signed, { previous, room, author, lists: lookup, departed: new Set() }),
  );
}

const holds = (row: HeaderRow, account: AccountId) =>
  row.header.header.members.some((member) => member.account === account);

/** Where this account's newest stay in the room begins: index of the header that admitted it, or -1. */
export function admissionOf(headers: readonly HeaderRow[], account: AccountId): number {
  const last = headers.findLastIndex((row) => holds(row, account));
  let first = last;
  while (first > 0 && holds(headers[first - 1] as HeaderRow, account)) first -= 1;
  return first;
}

/**
 * The state from which this device follows the room: its beginning, or what the admitting header's author had
 * seen. Undefined where no header has this account.
 */
export async function beginRoom(
  context: RoomContext,
  rows: RoomRows,
  room: RoomId,
): Promise<{ state: RoomState; headers: HeaderRow[] } | undefined> {
  const headers = await fetchHeaders(context, rows, room);
  const first = admissionOf(headers, context.keys.self.account);
  const admitting = headers[first];
  if (!admitting) return undefined;
  if (admitting.header.header.epoch === 1) return { state: await startRoom(room), headers };
  const { seen } = admitting.header.header;
  const base = headers.slice(0, first).findLast((row) => row.position <= seen.position);
  if (!base) throw new VerificationError('M2', 'bad_header', 'the admitting header had seen nothing');
  return {
    state: startRoomAt({ room, previous: base.header, previousPosition: base.position, seen }),
    headers,
  };
}

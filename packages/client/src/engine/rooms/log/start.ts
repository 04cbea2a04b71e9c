import {
  demandSame,
  NO_PROFILE,
  type RoomState,
  startRoom,
  startRoomAt,
  VerificationError,
  type VerifiedHeader,
  verifyHeader,
} from '@sotto/crypto';
import {
  type AccountId,
  type Bytes,
  type DeviceList,
  type EpochHeader,
  EpochHeaderCodec,
  equalBytes,
  fromBase64Url,
  HeadersSchema,
  MalformedError,
  PATHS,
  type RoomId,
  splitSigned,
} from '@sotto/protocol';
import { NO_DRAFT } from '../../../message-body.ts';
import { olderList } from '../../people/lists.ts';
import type { Admitted, HeaderRow, RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';

/** Who verifies knows people and their lists, and asks for those that are missing. */
type Knowing = Pick<RoomContext, 'directory' | 'keys'>;
type Asking = Knowing & Pick<RoomContext, 'calls'>;

/**
 * Runs `work`; where it misses a device list, fetches that account's lists once and runs it again.
 * @throws VerificationError still with `missing` where the server does not show the list
 */
export async function withLists<T>(context: Knowing, work: () => Promise<T>): Promise<T> {
  const tried = new Set<string>();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      if (error.differs) throw await unseen(context, error.differs, error);
      if (!error.missing) throw error;
      const { account, version } = error.missing;
      const name = `${account}/${version}`;
      if (tried.has(name)) throw await unseen(context, error.missing, error);
      tried.add(name);
      await context.directory.fetchLists([account]);
    }
  }
}

/**
 * Attack 52: who signed the header has seen a list that the server does not show: where older ones are here, or where it is
 * of the own account, to which this device was then added on top of an older one.
 */
async function unseen(
  { directory, keys }: Knowing,
  { account, version }: NonNullable<VerificationError['missing']>,
  error: VerificationError,
): Promise<VerificationError> {
  const lists = (await directory.lists.all(account)).map(({ list }) => list);
  const newest = lists.at(-1);
  const own = account === keys.self.account;
  if (!newest || (newest.version >= version && !own)) return error;
  // What the server had before this device joined tells of when it is.
  const has = ({ devices }: DeviceList) => devices.some(({ device }) => device === keys.self.device);
  return olderList((own ? lists.findLast((list) => !has(list)) : undefined) ?? newest, { account, version });
}

/** A header as it claims to be, before anything of it is verified. @throws VerificationError R1 (attack 29) */
export function claimedHeader(signed: Bytes): EpochHeader {
  try {
    return EpochHeaderCodec.decode(splitSigned(signed).payload);
  } catch (cause) {
    if (!(cause instanceof MalformedError)) throw cause;
    throw new VerificationError('R1', cause.code, cause.message, { cause });
  }
}

/** Fetches in one request what a header's verification will ask for; verifies nothing of the header itself. */
async function fetchListsFor({ directory }: Knowing, header: EpochHeader): Promise<void> {
  const { lists } = directory;
  const unknown: AccountId[] = [];
  for (const member of header.members) {
    const newest = await lists.newest(member.account);
    if ((newest?.list.version ?? 0) < member.list) unknown.push(member.account);
  }
  if (unknown.length > 1) await directory.fetchLists(unknown);
}

/**
 * R1: fetches the headers after those known, page by page, and verifies them as a chain from epoch 1.
 * @returns all headers of the room, in order
 */
async function fetchHeaders(context: Asking, rows: RoomRows, room: RoomId): Promise<HeaderRow[]> {
  const headers = await rows.headers(room);
  for (;;) {
    const known = headers.length;
    const answer = await context.calls.get(`${PATHS.headers(room)}?after=${known}`, HeadersSchema);
    for (const { position, time, header: text } of answer.headers) {
      const { epoch } = claimedHeader(signedBytes(text));
      const before = headers.slice(0, epoch - 1).at(-1)?.header ?? null;
      const header = await verifyFetched(context, room, { text, time }, before);
      const same = headers[epoch - 1];
      demandSame(same?.header, header.hash); // attack 42
      if (!same) headers.push({ header, position });
    }
    if (answer.more === false || headers.length === known) return headers;
  }
}

function signedBytes(text: string): Bytes {
  const signed = fromBase64Url(text);
  if (!signed) throw new VerificationError('R1', 'malformed', 'a header is not base64url');
  return signed;
}

/** R1: a header as it was fetched, verified on top of the one before. @throws VerificationError */
export async function verifyFetched(
  context: Knowing,
  room: RoomId,
  { text, time }: { readonly text: string; readonly time: number },
  previous: VerifiedHeader | null,
): Promise<VerifiedHeader> {
  const signed = signedBytes(text);
  const claimed = claimedHeader(signed);
  // Who made it is taken from the header itself; the signature then has to be that device's.
  await fetchListsFor(context, claimed);
  const { author } = claimed;
  const { lookup } = context.directory.lists;
  return withLists(context, () =>
    verifyHeader(signed, { previous, room, author, lists: lookup, departed: new Set(), time }),
  );
}

type Own = { readonly account: AccountId; readonly identity: Bytes };

/** K4: what was admitted is an account with its identity; started over with another one, it is somebody new. */
const holds = (row: HeaderRow, { account, identity }: Own) =>
  row.header.header.members.some(
    (member) => member.account === account && equalBytes(member.identity, identity),
  );

/** Where this account's newest stay in the room begins: index of the header that admitted it, or -1. */
function admissionOf(headers: readonly HeaderRow[], own: Own): number {
  const last = headers.findLastIndex((row) => holds(row, own));
  let first = last;
  while (first > 0 && holds(headers[first - 1] as HeaderRow, own)) first -= 1;
  return first;
}

/** Further back than this a new device does not read at once; older pages come on demand. */
const FOLLOWED = 100;

export interface Beginning {
  readonly state: RoomState;
  readonly headers: HeaderRow[];
  /** This account may read what stands behind this position. */
  readonly earliest: number;
  readonly admitted: Admitted;
}

/** Attack 48: a header admits whom it lists and the one before it did not; that is its author's doing. */
export const admittedBy = ({ header, hash }: VerifiedHeader): Admitted => ({
  by: header.author.account,
  header: hash,
});

/**
 * The state from which this device follows the room: what the author of a header had seen (M2), signed. That is
 * the header that admitted this account, or, in a long log, a newer one: history then loads page by page, each
 * verified against the hash chain. Undefined where no header has this account.
 * @param at begin exactly here, as before
 */
export async function beginRoom(
  context: Asking,
  rows: RoomRows,
  room: RoomId,
  at?: number,
): Promise<Beginning | undefined> {
  const headers = await fetchHeaders(context, rows, room);
  const first = admissionOf(headers, context.keys.self);
  const admitting = headers[first];
  if (!admitting) return undefined;
  const earliest = admitting.header.header.epoch === 1 ? 0 : admitting.header.header.seen.position;
  const admitted = admittedBy(admitting.header);
  const index = anchorOf(headers, first, at);
  const anchor = headers[index] ?? admitting;
  if (anchor.header.header.epoch === 1) return { state: await startRoom(room), headers, earliest, admitted };
  const { seen } = anchor.header.header;
  const base = headers.slice(0, index).findLast((row) => row.position <= seen.position);
  // R7: who came by an invite of the first header repeats what that one had seen, and so begins before it.
  if (!base && seen.position === 0) return { state: await startRoom(room), headers, earliest, admitted };
  if (!base) throw new VerificationError('M2', 'bad_header', 'the admitting header had seen nothing');
  const state = startRoomAt({ room, previous: base.header, previousPosition: base.position, seen });
  return { state, headers, earliest, admitted };
}

/** The row of a room of which nothing but its headers is read. @param stored what this device has of it from before */
export function beginningRow(
  room: RoomId,
  { state, earliest, admitted }: Beginning,
  stored?: RoomRow,
): RoomRow {
  const start = { position: state.position, chain: state.chain };
  return {
    room,
    profile: NO_PROFILE,
    unsaid: false,
    unread: 0,
    mentions: 0,
    last: null,
    muted: false,
    draft: NO_DRAFT,
    counter: 0,
    lines: [],
    ...stored,
    alarm: null,
    unconfirmed: null,
    state,
    start,
    earliest,
    admitted,
    oldest: start,
    standing: 'member',
    read: Math.max(stored?.read ?? 0, start.position),
  };
}

/** The earliest header since the admission that is near enough to the newest. */
function anchorOf(headers: readonly HeaderRow[], first: number, at: number | undefined): number {
  if (at !== undefined) {
    if (at === 0) return 0;
    return headers.findIndex((row) => row.header.header.seen.position === at && row.header.header.epoch > 1);
  }
  const newest = headers.at(-1)?.position ?? 0;
  const near = headers.findIndex((row, index) => index >= first && newest - row.position <= FOLLOWED);
  return Math.max(first, near);
}

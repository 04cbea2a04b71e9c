import {
  type AccountId,
  type Bytes,
  equalBytes,
  fromBase64Url,
  headerEntryId,
  type LogEntry,
  type MessageHeader,
  type Seen,
} from '@sotto/protocol';
import { type ListLookup, signingKeyOf } from '../device/device-list.ts';
import { verifyHeader } from '../epoch/header.ts';
import { verifyLeaveEntry } from '../epoch/leave.ts';
import type { EpochSecret } from '../epoch/secret.ts';
import type { VerifiedHeader } from '../epoch/verified-header.ts';
import { VerificationError } from '../failure.ts';
import type { Content } from '../message/kinds/index.ts';
import { decryptMessage, demandSound, verifyMessage } from '../message/message.ts';
import { chainNext } from './chain.ts';
import type { ReadAhead } from './early.ts';
import { counterName, type RoomState } from './state.ts';

export interface AdvanceContext {
  readonly lists: ListLookup;
  /** R2: the secret of exactly this header, checked against its commitment; undefined where it is not here. */
  readonly secrets: (header: VerifiedHeader) => Promise<EpochSecret | undefined>;
  /** Chain hash at an earlier position, where this device knows it. */
  readonly chainAt: (position: number) => Promise<Bytes | undefined>;
  /** Where entries come page by page. */
  readonly ahead?: ReadAhead;
}

/** What one log entry turned out to be. */
export type Outcome =
  | { readonly type: 'message'; readonly header: MessageHeader; readonly content: Content }
  /** Genuine, but its epoch's secret is not here (R6). */
  | { readonly type: 'locked'; readonly header: MessageHeader }
  | { readonly type: 'epoch'; readonly header: VerifiedHeader }
  | { readonly type: 'leave'; readonly account: AccountId }
  /** Bad in itself: every honest member refuses it alike, and the log goes on. */
  | { readonly type: 'rejected'; readonly error: VerificationError };

/**
 * Takes the next entry of a room's log. Verification comes before any use; the given state is never changed.
 * @throws VerificationError where the server contradicts itself (D1 'gap', M2 'fork'), or with `missing` set
 *   where a device list must be fetched first. The caller's state stays as it was.
 */
export async function advanceRoom(
  state: RoomState,
  entry: LogEntry,
  context: AdvanceContext,
): Promise<{ state: RoomState; outcome: Outcome }> {
  if (entry.position !== state.position + 1) {
    throw new VerificationError('D1', 'gap', `entry ${state.position + 1} is next, not ${entry.position}`); // attack 7
  }
  const body = context.ahead?.body(entry) ?? fromBase64Url(entry.body);
  if (!body) throw new VerificationError('D1', 'malformed', 'the entry’s body is not base64url');
  const chain = await chainNext(state.chain, { ...entry, body });
  const moved: RoomState = { ...state, position: entry.position, chain };
  try {
    switch (entry.kind) {
      case 'message':
        return await takeMessage(moved, state, entry, body, context);
      case 'epoch':
        return await takeHeader(moved, state, entry, body, context);
      case 'leave':
        return await takeLeave(moved, entry, body, context);
    }
  } catch (error) {
    if (error instanceof VerificationError && !error.missing && error.code !== 'fork') {
      return { state: moved, outcome: { type: 'rejected', error } };
    }
    throw error;
  }
}

/** M2, attacks 6, 7, 9: what the author had seen must be what this device has seen. */
async function checkSeen(seen: Seen, state: RoomState, context: AdvanceContext): Promise<void> {
  if (seen.position > state.position) {
    throw new VerificationError('M2', 'fork', 'the author had seen entries that this server does not show');
  }
  const known = seen.position === state.position ? state.chain : await context.chainAt(seen.position);
  if (known && !equalBytes(known, seen.chain)) {
    throw new VerificationError('M2', 'fork', 'the author was shown another history than this device');
  }
}

async function takeMessage(
  moved: RoomState,
  before: RoomState,
  entry: LogEntry,
  body: Bytes,
  context: AdvanceContext,
): Promise<{ state: RoomState; outcome: Outcome }> {
  const { header: current } = before;
  if (!current) throw new VerificationError('R1', 'wrong_epoch', 'a message before the room was made');
  const member = current.header.members.find((m) => m.account === entry.account);
  if (!member || before.departed.some((d) => d.account === entry.account)) {
    throw new VerificationError('R3', 'not_member', 'the sender is not a member'); // attack 24
  }
  const list = await context.lists(entry.account, member.list);
  const signing = list && signingKeyOf(list.list, entry.device);
  if (!signing) {
    throw new VerificationError(
      'K3',
      'unknown_device',
      'the sender’s device is not in the list of this epoch',
      {
        ...(list ? {} : { missing: { account: entry.account, version: member.list } }),
      },
    );
  }
  const found = await context.ahead?.take(entry, before);
  const early = found && equalBytes(found.signing, signing) ? found : undefined;
  const { account, device, id } = entry;
  const message =
    early?.message ??
    (await verifyMessage(body, { room: before.room, kind: 'log', account, device, id, signing }));
  const { header } = message;
  const counter = counterName(entry.account, entry.device);
  demandSound(header, {
    epoch: current.header.epoch,
    list: member.list,
    counter: before.counters[counter] ?? 0,
  });
  await checkSeen(header.seen, before, context);
  const state: RoomState = {
    ...moved,
    counters: { ...moved.counters, [counter]: header.counter },
    messagesInEpoch: moved.messagesInEpoch + 1,
  };
  const secret = await context.secrets(current);
  if (!secret) return { state, outcome: { type: 'locked', header } };
  try {
    // What was opened ahead counts only where the header is still the one that it was opened under.
    const opened = early && equalBytes(early.under, current.hash) ? early.content : undefined;
    const content = opened ?? (await decryptMessage(message, secret));
    return { state, outcome: { type: 'message', header, content } };
  } catch (error) {
    // Signed, yet it does not open: the counter is used up all the same.
    if (error instanceof VerificationError) return { state, outcome: { type: 'rejected', error } };
    throw error;
  }
}

async function takeHeader(
  moved: RoomState,
  before: RoomState,
  entry: LogEntry,
  body: Bytes,
  context: AdvanceContext,
): Promise<{ state: RoomState; outcome: Outcome }> {
  const header = await verifyHeader(body, {
    previous: before.header,
    room: before.room,
    author: { account: entry.account, device: entry.device },
    lists: context.lists,
    departed: new Set(before.departed.map((d) => d.account)),
    time: entry.time,
  });
  if (entry.id !== headerEntryId(header.hash)) {
    throw new VerificationError('R1', 'wrong_kind', 'the header stands in the log under another id');
  }
  // R7: who arrives by an invite cannot read the log yet, and repeats what the header before had seen.
  if (!header.header.admission && header.header.seen.position < before.headerPosition) {
    throw new VerificationError('M2', 'bad_header', 'the author had not seen the header it extends');
  }
  await checkSeen(header.header.seen, before, context);
  return {
    state: { ...moved, header, headerPosition: entry.position, departed: [], messagesInEpoch: 0 },
    outcome: { type: 'epoch', header },
  };
}

async function takeLeave(
  moved: RoomState,
  entry: LogEntry,
  body: Bytes,
  context: AdvanceContext,
): Promise<{ state: RoomState; outcome: Outcome }> {
  const leave = await verifyLeaveEntry(entry, body, { header: moved.header, lists: context.lists });
  if (moved.departed.some((d) => d.account === leave.account)) {
    throw new VerificationError('R3', 'replayed', 'this member has left already');
  }
  return {
    state: { ...moved, departed: [...moved.departed, { account: leave.account, signed: body }] },
    outcome: { type: 'leave', account: leave.account },
  };
}

import { type AccountId, type Bytes, type DeviceId, LIMITS, type RoomId, type Seen } from '@sotto/protocol';
import type { VerifiedHeader } from '../epoch/verified-header.ts';
import { chainGenesis } from './chain.ts';

/** What a device knows of a room's log up to `position`: plain data, storable as it is. */
export interface RoomState {
  readonly room: RoomId;
  readonly position: number;
  /** Chain hash at `position` (D1). */
  readonly chain: Bytes;
  readonly header: VerifiedHeader | null;
  /** Log position of `header`. */
  readonly headerPosition: number;
  /** Signed leave statements in the log since `header`. */
  readonly departed: readonly { readonly account: AccountId; readonly signed: Bytes }[];
  /** Highest message counter of each device (M2), by `counterName`. */
  readonly counters: Readonly<Record<string, number>>;
  readonly messagesInEpoch: number;
}

/** Whose counter: a device id alone could be listed by another account too. */
export const counterName = (account: AccountId, device: DeviceId): string => `${account}/${device}`;

/** Before the first entry. */
export async function startRoom(room: RoomId): Promise<RoomState> {
  return {
    room,
    position: 0,
    chain: await chainGenesis(room),
    header: null,
    headerPosition: 0,
    departed: [],
    counters: {},
    messagesInEpoch: 0,
  };
}

/** A member who joins later starts at what the admitting header's author had seen. */
export function startRoomAt(start: {
  room: RoomId;
  previous: VerifiedHeader;
  previousPosition: number;
  seen: Seen;
}): RoomState {
  return {
    room: start.room,
    position: start.seen.position,
    chain: start.seen.chain,
    header: start.previous,
    headerPosition: start.previousPosition,
    departed: [],
    counters: {},
    messagesInEpoch: 0,
  };
}

/** R4: why a new epoch is due, or null. @param now milliseconds since 1970 */
export function needsNewEpoch(state: RoomState, now: number): 'leave' | 'age' | 'use' | null {
  if (!state.header) return null;
  if (state.departed.length > 0) return 'leave';
  if (state.messagesInEpoch >= LIMITS.epochMessages) return 'use';
  return now - state.header.header.at > LIMITS.epochAge ? 'age' : null;
}

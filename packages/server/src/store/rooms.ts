import type {
  AccountId,
  Bytes,
  Ciphertext,
  DeviceId,
  HeaderHash,
  MessageId,
  RoomHead,
  RoomId,
} from '@sotto/protocol';
import type { Append, StoredEntry } from './entries.ts';

/** Which epoch of which room: the hash names it, the number is the one in that header (attack 42). */
export interface HeaderPlace {
  readonly room: RoomId;
  readonly epoch: number;
  readonly header: HeaderHash;
}

export interface StoredWrap {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly key: string;
  readonly body: Ciphertext;
}

export interface StoredHeader {
  readonly position: number;
  /** Of its entry; 0 where that is not here. */
  readonly time: number;
  readonly signed: Bytes;
}

export interface RoomState {
  readonly room: RoomId;
  readonly epoch: number;
  readonly head: number;
  /** Position of the newest header. */
  readonly headed: number;
  /** Newest header, as signed, and its SHA-256. */
  readonly header: Bytes;
  readonly headerHash: Bytes;
  readonly history: 'joined' | 'all';
  /** The log begins behind this position; 0 unless a backup brought only what came later. */
  readonly base: number;
}

export interface Standing {
  readonly epoch: number;
  readonly list: number;
}

export interface Membership {
  /** Entries up to here are from before this member's time. */
  readonly start: number;
  /** Last position it may fetch; null while it is a member. */
  readonly until: number | null;
  /** Attack 48: somebody else brought it in, and it has not accepted that. */
  readonly pending: boolean;
}

/** How many rooms accounts may be in; the fields of `LIMITS`. */
export type RoomLimits = Readonly<Record<'rooms' | 'pending' | 'pendingEach' | 'pendingAge', number>>;

export interface EpochCommit {
  readonly room: RoomId;
  readonly epoch: number;
  readonly signed: Bytes;
  readonly hash: Bytes;
  readonly previous: Bytes | null;
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly id: MessageId;
  readonly time: number;
  /** R1: as its author dated it. */
  readonly at: number;
  readonly history: 'joined' | 'all';
  readonly seen: number;
  readonly members: readonly {
    readonly account: AccountId;
    /** Version and hash of the device list that the header pins. */
    readonly list: number;
    readonly listHash: string;
  }[];
  readonly invites: readonly { readonly key: string; readonly expires: number }[];
  readonly wraps: readonly StoredWrap[];
  readonly limits: RoomLimits;
}

export type EpochResult =
  | {
      readonly type: 'committed';
      readonly position: number;
      readonly time: number;
      readonly joined: readonly AccountId[];
      readonly ended: readonly AccountId[];
    }
  | { readonly type: 'repeated'; readonly position: number; readonly time: number }
  | { readonly type: 'conflict'; readonly epoch: number }
  /** @param time the entry would have */
  | { readonly type: 'misdated'; readonly time: number }
  /** 'limit': the author is in too many rooms. 'unanswered': too many people have not accepted where it brought them. */
  | { readonly type: 'stale_list' | 'stale_key' | 'limit' | 'unanswered' | 'full' | 'id_reused' };

export interface LeaveCommit {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly time: number;
  readonly signed: Bytes;
  readonly header: Bytes;
}

export type LeaveResult =
  | { readonly type: 'left' | 'repeated'; readonly position: number; readonly time: number }
  | { readonly type: 'stale_epoch'; readonly epoch: number }
  | { readonly type: 'not_member' | 'id_reused' | 'full' };

/** D1: how much of a room's log is here, and whether more of it may come back. */
export interface LogExtent {
  /** The log begins behind this position. */
  readonly base: number;
  readonly head: number;
  /** Chain hash at the head, and the time of the entry there; 0 where there is none yet. */
  readonly chain: Bytes;
  readonly time: number;
  /** It came back from a backup, and nothing was written since. */
  readonly still: boolean;
}

/** A log that comes back from a position on: what its members saw before is known by its headers alone. */
export interface LogBeginning {
  readonly room: RoomId;
  /** Whose backup it is: the only one who is in the room by its own doing. */
  readonly by: AccountId;
  readonly base: number;
  /** Chain hash at the base. */
  readonly chain: Bytes;
  /** From epoch 1, those up to the base. */
  readonly headers: readonly { readonly position: number; readonly commit: EpochCommit }[];
  readonly limits: RoomLimits;
}

/** The next entries of a log that comes back, at the times they had. */
export interface Replay {
  readonly room: RoomId;
  readonly by: AccountId;
  /** Of the first of them. */
  readonly position: number;
  readonly run:
    | { readonly kind: 'messages'; readonly messages: readonly Append[] }
    | { readonly kind: 'epoch'; readonly commit: EpochCommit }
    | { readonly kind: 'leave'; readonly commit: LeaveCommit };
}

/** 'conflict': the log stands elsewhere, or something was written since. 'refused': as it would have been when it was new. */
export type ReplayResult = 'taken' | 'conflict' | 'limit' | 'refused';

/** Entries before the base of a log. */
export interface LogPart {
  readonly room: RoomId;
  /** Chain hash before the first of them. */
  readonly chain: Bytes;
  readonly entries: readonly (StoredEntry & { readonly chain: Bytes })[];
}

export interface RoomStore {
  state(room: RoomId): Promise<RoomState | undefined>;
  membership(room: RoomId, account: AccountId): Promise<Membership | undefined>;
  /** Where the account is a member now: the current epoch, and the account's list version that its header pins. */
  standing(room: RoomId, account: AccountId): Promise<Standing | undefined>;
  /** Accounts that are members now. */
  members(room: RoomId): Promise<AccountId[]>;
  /** Accounts whose leave stands in the log since the newest header, with its position. */
  departed(room: RoomId): Promise<{ account: AccountId; position: number }[]>;
  /** R4: compare-and-set on the epoch, device lists and exchange keys, in one transaction. */
  commitEpoch(commit: EpochCommit): Promise<EpochResult>;
  leave(commit: LeaveCommit): Promise<LeaveResult>;
  /** Attack 48: from now on the account is in the room by its own doing, unless it then were in more than `limit` rooms. */
  accept(room: RoomId, account: AccountId, limit: number): Promise<'accepted' | 'not_member' | 'limit'>;
  /** Undefined where there is no such room. */
  logExtent(room: RoomId): Promise<LogExtent | undefined>;
  /** D1: makes a room whose log begins behind a position. */
  begin(beginning: LogBeginning): Promise<ReplayResult>;
  /** D1: goes on with a log that came back (or makes the room, with its first header) by the rules of what is new. */
  replay(replay: Replay): Promise<ReplayResult>;
  /** D1: what is missing before the base; it has to lead to the chain hash there. */
  fillIn(part: LogPart): Promise<ReplayResult>;
  /**
   * Rooms of the account, those it is out of with `until`. Of those it has not accepted only the newest that it is in;
   * the others show up again once it has answered some of these.
   */
  heads(account: AccountId): Promise<RoomHead[]>;
  header(room: RoomId, epoch: number): Promise<StoredHeader | undefined>;
  /** The epoch of entries at a position; 0 where none is known. */
  epochAt(room: RoomId, position: number): Promise<number>;
  /** Headers after an epoch, up to a position, in order, at most about `maxBytes`. */
  headers(room: RoomId, after: number, until: number, maxBytes: number): Promise<StoredHeader[]>;
  /** R7: the newest header of the room that lists the invite key, unless it expired. */
  byInvite(room: RoomId, key: string, now: number): Promise<StoredHeader | undefined>;
}

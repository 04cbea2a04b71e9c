import type { AccountId, Bytes, Ciphertext, DeviceId, MessageId, RoomHead, RoomId } from '@sotto/protocol';
import type { StoredEntry } from './store.ts';

export interface StoredWrap {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly key: string;
  readonly body: Ciphertext;
}

export interface RoomState {
  readonly room: RoomId;
  readonly kind: 'direct' | 'group';
  readonly epoch: number;
  readonly head: number;
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
}

export interface EpochCommit {
  readonly room: RoomId;
  readonly kind: 'direct' | 'group';
  readonly epoch: number;
  readonly signed: Bytes;
  readonly hash: Bytes;
  readonly previous: Bytes | null;
  readonly author: { readonly account: AccountId; readonly device: DeviceId };
  readonly id: MessageId;
  readonly time: number;
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
  /** How many rooms one account may be in. */
  readonly roomLimit: number;
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
  | { readonly type: 'stale_list' | 'stale_key' | 'limit' | 'id_reused' };

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
  | { readonly type: 'not_member' | 'id_reused' | 'direct' };

/** D1: a stretch of a log as a backup has it. */
export interface LogStretch {
  readonly room: RoomId;
  /** Chain hash before the first entry. */
  readonly chain: Bytes;
  /** Where the room is not here and the stretch is not its beginning: the headers before it, from epoch 1. */
  readonly headers: readonly { readonly position: number; readonly commit: EpochCommit }[];
  readonly entries: readonly RestoredEntry[];
}

export type RestoredEntry = StoredEntry & {
  /** Of a header. */
  readonly commit?: EpochCommit;
  /** M2: of a message. */
  readonly counter?: number;
};

/** 'conflict': another history, or something was written here since. */
export type RestoreResult =
  | { readonly type: 'restored'; readonly base: number; readonly head: number }
  | { readonly type: 'conflict' };

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
  /**
   * Makes the room, or goes on where its log ends as long as nothing else was written, or fills in what is missing
   * before it; what is here already is compared.
   */
  restore(stretch: LogStretch): Promise<RestoreResult>;
  /** All rooms of the account, those it is out of with `until`. */
  heads(account: AccountId): Promise<RoomHead[]>;
  header(room: RoomId, epoch: number): Promise<{ signed: Bytes; position: number; time: number } | undefined>;
  /** The epoch of entries at a position; 0 where none is known. */
  epochAt(room: RoomId, position: number): Promise<number>;
  /** Accounts that stand in the header of an epoch; none where there is no such epoch. */
  membersAt(room: RoomId, epoch: number): Promise<AccountId[]>;
  /** R6: does the account stand in the headers of all these epochs? */
  stoodIn(room: RoomId, account: AccountId, epochs: readonly number[]): Promise<boolean>;
  /** Headers after an epoch, up to a position, in order, at most about `maxBytes`. */
  headers(
    room: RoomId,
    after: number,
    until: number,
    maxBytes: number,
  ): Promise<{ position: number; signed: Bytes }[]>;
  /** R7: the newest header of the room that lists the invite key, unless it expired. */
  byInvite(key: string, now: number): Promise<{ position: number; signed: Bytes } | undefined>;
}

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
  /** Of its entry. */
  readonly time: number;
  readonly signed: Bytes;
}

export interface RoomState {
  readonly room: RoomId;
  readonly epoch: number;
  readonly head: number;
  /** Of the newest entry. */
  readonly time: number;
  /** Position of the newest header. */
  readonly headed: number;
  /** Newest header, as signed, and its SHA-256. */
  readonly header: Bytes;
  readonly headerHash: Bytes;
  readonly history: 'joined' | 'all';
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
  | { readonly type: 'left'; readonly position: number; readonly time: number; readonly epoch: number }
  | { readonly type: 'repeated'; readonly position: number; readonly time: number }
  | { readonly type: 'stale_epoch'; readonly epoch: number }
  | { readonly type: 'not_member' | 'id_reused' | 'full' };

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
  /**
   * Rooms of the account, those it is out of with `until`. Of those it has not accepted only the newest that it is in;
   * the others show up again once it has answered some of these.
   */
  heads(account: AccountId): Promise<RoomHead[]>;
  header(room: RoomId, epoch: number): Promise<StoredHeader | undefined>;
  /** Headers after an epoch, up to a position, in order, at most about `maxBytes`. */
  headers(room: RoomId, after: number, until: number, maxBytes: number): Promise<StoredHeader[]>;
  /** R7: the newest header of the room that lists the invite key, unless it expired. */
  byInvite(room: RoomId, key: string, now: number): Promise<StoredHeader | undefined>;
}

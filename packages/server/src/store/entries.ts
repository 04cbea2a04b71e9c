import type {
  AccountId,
  Bytes,
  Ciphertext,
  DeviceId,
  EntryKind,
  FileId,
  MessageFlaw,
  MessageHeader,
  MessageId,
  RoomId,
} from '@sotto/protocol';

export interface Append {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly epoch: number;
  readonly body: Bytes;
  /** M2: what the message says of itself; compared in the commit. */
  readonly claims?: Pick<MessageHeader, 'list' | 'seen' | 'counter'>;
  /** M6: uploads that belong to this message from now on. */
  readonly files?: readonly FileId[];
}

/** 'full': the log is at the last position there is. */
export type AppendResult =
  | { readonly type: 'appended' | 'repeated'; readonly position: number; readonly time: number }
  | { readonly type: 'stale_epoch'; readonly epoch: number }
  | { readonly type: 'not_member' | 'id_reused' | 'file_missing' | 'full' | FalseClaim };

/** The store could not do this one; why, for the server's log. */
export interface Failed {
  readonly type: 'failed';
  readonly error: unknown;
}

/** M2, attack 27: which claim of a message does not hold. */
export type FalseClaim = 'false_seen' | Exclude<MessageFlaw, 'wrong_epoch'>;

export interface Receipt {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly body: Ciphertext;
}

export interface StoredEntry {
  readonly position: number;
  readonly time: number;
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly body: Bytes;
}

export interface PageQuery {
  readonly room: RoomId;
  /** Positions above `from`, up to and with `to`. */
  readonly from: number;
  readonly to: number;
  /** Which end of the range a page that is too small takes. */
  readonly take: 'oldest' | 'newest';
  readonly limit: number;
  readonly maxBytes: number;
}

export interface LogStore {
  /**
   * D1–D3, R5: one result per append, in order. They share a commit; what cannot be stored has failed alone, and all others
   * are in the log (attack 40).
   */
  append(appends: readonly Append[], time: number): Promise<(AppendResult | Failed)[]>;
  /** Each device's newest, where it is a member. Rejects where one could not be kept; all others are. */
  receipt(receipts: readonly Receipt[]): Promise<void>;
  /** D3: the first answer to this send, if there was one. */
  find(append: Pick<Append, 'room' | 'account' | 'device' | 'id'>): Promise<AppendResult | undefined>;
  /** Ascending, at least one entry where the range holds any. */
  page(query: PageQuery): Promise<StoredEntry[]>;
  /** Chain hash at a position (0: before the first entry); undefined beyond the head. */
  chainAt(room: RoomId, position: number): Promise<Bytes | undefined>;
  receipts(room: RoomId): Promise<Receipt[]>;
}

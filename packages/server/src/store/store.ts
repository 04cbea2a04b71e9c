import type {
  AccountId,
  ArchiveEntry,
  Bytes,
  Ciphertext,
  DeviceId,
  DeviceWrap,
  EntryKind,
  EpochRequest,
  FileId,
  MessageHeader,
  MessageId,
  RoomId,
  Signed,
  VaultRecord,
} from '@sotto/protocol';
import type { FileStore } from './files.ts';
import type { ResetStore } from './resets.ts';
import type { RoomStore, StoredWrap } from './rooms.ts';

export type * from './files.ts';
export type * from './resets.ts';
export type * from './rooms.ts';

/**
 * D8: what the delivery service keeps. Every method is one transaction: when its promise resolves, the
 * change is on disk (D2) and seen by every later call. Methods throw only where the store itself fails;
 * a "no" is a value.
 */
export interface Store {
  readonly accounts: AccountStore;
  readonly devices: DeviceStore;
  readonly rooms: RoomStore;
  readonly log: LogStore;
  readonly delivery: DeliveryStore;
  readonly archive: ArchiveStore;
  readonly files: FileStore;
  readonly proofs: ProofStore;
  readonly resets: ResetStore;
  /** A secret of this server, made once by `make`. */
  secret(name: string, make: () => string): Promise<string>;
  /** Resolves where the store answers; rejects where not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoredAccount {
  readonly account: AccountId;
  readonly name: string;
  readonly kind: 'guest' | 'password';
  /** OPAQUE record; null for a guest. */
  readonly record: string | null;
  /** Public key of the recovery phrase, base64url. */
  readonly recovery: string | null;
  /** Last time online. */
  readonly seen: number | null;
}

export interface StoredList {
  readonly version: number;
  readonly signed: Signed;
  /** SHA-256 of the signed list, base64url. */
  readonly hash: string;
}

export interface StoredKey {
  readonly device: DeviceId;
  readonly key: Signed;
  /** SHA-256 of the signed key, base64url. */
  readonly hash: string;
}

export interface NewList extends StoredList {
  /** Every device of the list with its signing key, base64url. */
  readonly devices: readonly { readonly device: DeviceId; readonly signing: string }[];
}

export interface NewAccount {
  readonly account: AccountId;
  readonly name: string;
  readonly folded: string;
  readonly list: NewList;
  readonly key: StoredKey;
  readonly password: { readonly record: string; readonly vault: VaultRecord } | null;
}

/** An account that comes back from a backup, with the versions of its list before `list`. */
export interface RestoredAccount extends NewAccount {
  readonly earlier: readonly NewList[];
  /** Public key of the recovery phrase, base64url. */
  readonly recovery: string;
}

/** Somebody whom a restored log names. */
export interface AbsentPerson {
  readonly account: AccountId;
  readonly name: string;
  readonly lists: readonly NewList[];
}

/** K5: a vault on its way in. */
export interface VaultChange {
  readonly vault: VaultRecord;
  /** Public key of the recovery phrase, base64url; null takes it away, absent leaves it. */
  readonly recovery?: string | null | undefined;
  /** A new OPAQUE record: a guest becomes a password account, a password is replaced. */
  readonly record?: string;
}

export interface AccountStore {
  /** 'same' where this very account was made before by the same list. */
  create(account: NewAccount): Promise<'created' | 'same' | 'id_reused' | 'name_taken'>;
  /** As `create`, where no account has this id; what others brought of it meanwhile gives way. */
  restore(account: RestoredAccount): Promise<'created' | 'same' | 'id_reused' | 'name_taken'>;
  /** Name of somebody whom a restored log names and who has no account here. */
  absent(account: AccountId): Promise<string | undefined>;
  get(account: AccountId): Promise<StoredAccount | undefined>;
  byName(folded: string): Promise<StoredAccount | undefined>;
  everyone(): Promise<StoredAccount[]>;
  /** Accounts that are now in a room with this one; without itself. */
  neighbours(account: AccountId): Promise<AccountId[]>;
  setSeen(account: AccountId, time: number): Promise<void>;
  vault(account: AccountId): Promise<VaultRecord | undefined>;
  /**
   * K5: vault, recovery key and record at once. 'same' where exactly this is stored already, 'conflict' unless
   * the stored version is one less (none, for version 1).
   */
  putVault(account: AccountId, change: VaultChange): Promise<'stored' | 'same' | 'conflict'>;
}

export interface DeviceStore {
  newest(account: AccountId): Promise<StoredList | undefined>;
  listAt(account: AccountId, version: number): Promise<StoredList | undefined>;
  /** Keeps lists of people without an account here, as far as they go on what is kept already. */
  keepAbsent(people: readonly AbsentPerson[]): Promise<void>;
  /** Version of everybody's newest list. */
  versions(): Promise<Map<AccountId, number>>;
  /** Lists after that version, oldest first. */
  listsAfter(account: AccountId, version: number): Promise<StoredList[]>;
  /**
   * K3: the next version. Forgets keys, wraps, requests, marks and times of devices it drops.
   * 'conflict' unless the newest is exactly one version less; 'key_changed' where a device id once stood
   * for another key, or in another account.
   */
  extend(
    account: AccountId,
    list: NewList,
    key: StoredKey | null,
  ): Promise<'extended' | 'conflict' | 'key_changed'>;
  /** Signing key ever listed for the device, base64url. */
  signingKey(account: AccountId, device: DeviceId): Promise<string | undefined>;
  keys(account: AccountId): Promise<StoredKey[]>;
  putKey(account: AccountId, key: StoredKey): Promise<void>;
  /** When devices were last connected; a time never goes back. */
  setSeen(seen: readonly DeviceSeen[]): Promise<void>;
  /** Devices of the account that were ever connected. */
  seen(account: AccountId): Promise<{ device: DeviceId; seen: number }[]>;
}

export interface DeviceSeen {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly seen: number;
}

export interface Append {
  readonly room: RoomId;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly epoch: number;
  readonly body: Bytes;
  /** M2: what the message says of itself; compared in the commit. */
  readonly claims?: Pick<MessageHeader, 'seen' | 'counter' | 'list'>;
  /** M6: uploads that belong to this message from now on. */
  readonly files?: readonly FileId[];
}

export type AppendResult =
  | { readonly type: 'appended' | 'repeated'; readonly position: number; readonly time: number }
  | { readonly type: 'stale_epoch'; readonly epoch: number }
  | { readonly type: 'not_member' | 'id_reused' | 'file_missing' | FalseClaim };

/** M2, attack 27: which claim of a message does not hold. */
export type FalseClaim = 'false_seen' | 'false_list' | 'old_counter';

export interface Mark {
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
  /** D1–D3, R5: all of it in one transaction; one result per append, in order. */
  append(appends: readonly Append[], marks: readonly Mark[], time: number): Promise<AppendResult[]>;
  /** D3: the first answer to this send, if there was one. */
  find(append: Pick<Append, 'room' | 'account' | 'device' | 'id'>): Promise<AppendResult | undefined>;
  /** Ascending, at least one entry where the range holds any. */
  page(query: PageQuery): Promise<StoredEntry[]>;
  /** Chain hash at a position (0: before the first entry); undefined beyond the head. */
  chainAt(room: RoomId, position: number): Promise<Bytes | undefined>;
  marks(room: RoomId): Promise<Mark[]>;
}

export interface DeliveryStore {
  wraps(account: AccountId, device: DeviceId): Promise<DeviceWrap[]>;
  forgetWrap(room: RoomId, epoch: number, account: AccountId, device: DeviceId): Promise<void>;
  /**
   * R6: answers to requests. A wrap that waits already is replaced only where its device asked anew.
   * @returns those taken, or 'stale_key'
   */
  answer(room: RoomId, epoch: number, wraps: readonly StoredWrap[]): Promise<StoredWrap[] | 'stale_key'>;
  /** R6. False where the device would have more than `limit` open in the room. */
  ask(requests: readonly EpochRequest[], time: number, limit: number): Promise<boolean>;
  /** Open requests in rooms where the account is a member, of all devices but this one. */
  openRequests(account: AccountId, device: DeviceId): Promise<EpochRequest[]>;
}

export interface ArchivePage {
  readonly entries: readonly ArchiveEntry[];
  /** Cursor to go on from; null at the end. */
  readonly next: number | null;
}

/** M5: epoch secrets under their account's archive key. */
export interface ArchiveStore {
  /**
   * The newest of a room and epoch stays, under a cursor beyond all others of the account; what is stored
   * already keeps its place. False, and nothing stored, where the account would have more than `limit`.
   */
  put(account: AccountId, entries: readonly ArchiveEntry[], limit: number): Promise<boolean>;
  /** Entries after a cursor (0: all), in the order they came. */
  page(account: AccountId, after: number, limit: number): Promise<ArchivePage>;
}

/** D5: names of proofs that lie ahead of the clock and would still be good after a restart. */
export interface ProofStore {
  /** Forgets those before `now`. */
  keep(name: string, time: number, now: number): Promise<void>;
  /** Those at or after a time. */
  after(time: number): Promise<string[]>;
}

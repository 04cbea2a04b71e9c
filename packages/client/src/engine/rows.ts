import type {
  Content,
  KemPrivateKey,
  ListSeen,
  MessageLine,
  RoomProfile,
  RoomState,
  VerifiedHeader,
} from '@sotto/crypto';
import type {
  AccountId,
  Bytes,
  DeviceId,
  EntryKind,
  ExchangeKey,
  FileId,
  HeaderHash,
  KeyAge,
  MessageId,
  RoomId,
  Seen,
} from '@sotto/protocol';
import type { Failure } from '../error.ts';
import type { Alarm, Draft, SystemEvent, Trust } from '../state.ts';
import type { KeyStanding } from './account/renewal.ts';

/** Table `meta`, key ['self']: who this installation is. */
export interface SelfRow {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly name: string;
  readonly kind: 'guest' | 'password';
  readonly identity: Bytes;
}

/** Table `keys`, ['identity'] and ['signing']: opaque where the platform can, else the seed. */
export interface SigningKeyRow {
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey | null;
  readonly seed: Bytes | null;
}

/** Table `keys`, ['exchange', hash]: K2. */
export interface ExchangeKeyRow {
  readonly signed: Bytes;
  readonly key: ExchangeKey;
  readonly hash: Bytes;
  readonly opaque: KemPrivateKey | null;
  readonly raw: Bytes | null;
  readonly standing: KeyStanding;
}

/** Table `exchange-keys`, [account, device]: the newest that was ever seen of the device; nobody goes back (attack 43). */
export type SeenKeyRow = KeyAge;

/** Table `people`, [account]. */
export interface PersonRow {
  readonly account: AccountId;
  /** The server's word. */
  readonly name: string;
  /** K3: as the person signed it, in the newest list known here; null until then. */
  readonly signed: string | null;
  /** K4: pinned at first sight. */
  readonly identity: Bytes | null;
  /** When that was, on whichever device of the account; null until then. */
  readonly since: number | null;
  readonly trust: Trust;
  readonly seen: number | null;
  /** Attack 52: the newest of their lists that any device of this account has seen, as far as this one knows. */
  readonly list: ListSeen | null;
  /** What the vault does not have yet: a first sight, which it may know better, a newer list, or the user's own decision. */
  readonly unsynced?: 'pin' | 'list' | 'decision' | null;
}

/** What happened last in a room. Its message is kept as it looks now: an edit or a deletion reaches it here too. */
export interface LastRow {
  readonly position: number;
  readonly time: number;
  readonly account: AccountId | null;
  readonly line: MessageLine | null;
  readonly event: SystemEvent | null;
}

/** Table `rooms`, [room]. */
export interface RoomRow {
  readonly room: RoomId;
  readonly state: RoomState;
  /** What this account starts from, with its chain hash; older entries are fetched on demand. */
  readonly start: Seen;
  /** The first position this account may read is behind this one. */
  readonly earliest: number;
  /** The header by which this account came in for its present stay, and whose doing that was (attack 48). */
  readonly admitted: Admitted;
  /** Everything from here on is stored. */
  readonly oldest: Seen;
  readonly profile: RoomProfile;
  /** The newest header does not carry this profile, though it stands on. */
  readonly unsaid: boolean;
  /** On a new device, what the newest signed header says; shown until the log is read that far. */
  readonly ahead?: { readonly header: VerifiedHeader; readonly profile: RoomProfile };
  readonly standing: 'member' | 'left' | 'removed';
  readonly read: number;
  readonly unread: number;
  readonly mentions: number;
  readonly last: LastRow | null;
  readonly muted: boolean;
  readonly draft: Draft;
  /** Highest counter this device used here, in whatever it sealed (M2). */
  readonly counter: number;
  /** A change of this device that the server confirmed; until the log shows it, nothing is sent (attack 11). */
  readonly unconfirmed: number | null;
  /** Attack 11: whom this user removed while the log does not show it yet; nothing is sent until it does. */
  readonly removing?: readonly AccountId[];
  /** Stops sending until it is resolved. */
  readonly alarm: Alarm | null;
  /** Attack 9: what a member signed to have seen and this device was not shown; the alarm stands until it is. */
  readonly disputed?: Seen;
  /** Lines that stand behind a position without being log entries. */
  readonly lines: readonly { readonly after: number; readonly time: number; readonly event: SystemEvent }[];
}

export interface Admitted {
  readonly by: AccountId;
  /** Hash of the signed header. */
  readonly header: Bytes;
}

/** Table `headers`, [room, epoch]. */
export interface HeaderRow {
  readonly header: VerifiedHeader;
  readonly position: number;
}

/** Table `secrets`, [room, header]: by the hash of the signed header, whose commitment it is checked against when used. */
export interface SecretRow {
  readonly room: RoomId;
  readonly header: HeaderHash;
  readonly secret: Bytes;
  /** M5: the account's archive has it. */
  readonly archived: boolean;
}

/** What an entry turned out to be. */
export type EntryWhat =
  | { readonly type: 'message'; readonly epoch: number; readonly content: Content }
  /** Signed as it came, to be opened once the secret is here (R6). */
  | { readonly type: 'locked'; readonly epoch: number; readonly signed: Bytes }
  | { readonly type: 'epoch'; readonly epoch: number; readonly events: readonly SystemEvent[] }
  | { readonly type: 'leave' }
  | { readonly type: 'rejected'; readonly alarm: Alarm };

/** Table `entries`, [room, position]. */
export interface EntryRow {
  readonly position: number;
  readonly time: number;
  readonly kind: EntryKind;
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly id: MessageId;
  readonly chain: Bytes;
  readonly what: EntryWhat;
}

/** Table `receipts`, [room, device]. */
export interface ReceiptRow {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly counter: number;
  readonly delivered: number;
  readonly read: number;
}

/** Table `outbox`, [room, sequence]. */
export interface OutboxRow {
  readonly room: RoomId;
  readonly sequence: number;
  readonly id: MessageId;
  readonly content: Content;
  readonly at: number;
  readonly failed: Failure | null;
  /** M6: files that are not at the server yet; the message waits for them. */
  readonly waits?: readonly FileId[];
  /** M6: how often the server said that a file was missing. */
  readonly missed?: number;
  /** M6: a file was not read to its end; sending again cannot help. */
  readonly unread?: true;
}

/** Table `files`, [file]: what this device does with a file, or keeps of it. */
export type FileRow = OutgoingFile | KeptFile | DoomedFile;

/** Belongs to a message in the outbox. */
export interface OutgoingFile {
  readonly state: 'outgoing';
  readonly file: FileId;
  readonly room: RoomId;
  readonly message: MessageId;
  /** Bytes, sealed. */
  readonly size: number;
  readonly step: 'sealing' | 'sealed' | 'uploaded';
  /** The user holds it. */
  readonly held: boolean;
  /** In which parts it goes up; none: in one. Absent until that was decided, before the server hears of it. */
  readonly parts?: readonly UploadPart[];
}

/** Bytes `from` … `to` (exclusive) of a sealed file, as an upload of their own. */
export interface UploadPart {
  readonly part: FileId;
  readonly from: number;
  readonly to: number;
}

/** A sealed copy of what a message carries; goes by itself when others need the room. */
export interface KeptFile {
  readonly state: 'kept';
  readonly file: FileId;
  readonly room: RoomId;
  readonly position: number;
  /** Bytes, sealed, of the whole file. */
  readonly size: number;
  /** All of it is here, and it was verified (attack 16). */
  readonly whole: boolean;
  readonly held: boolean;
  /** When it was used last, for what goes first. */
  readonly used: number;
}

/** To be deleted at the server, and here. */
export interface DoomedFile {
  readonly state: 'doomed';
  readonly file: FileId;
  readonly room: RoomId;
  /** The message in the outbox that says so to the others; nothing is deleted before it is sent. */
  readonly after: MessageId | null;
  /** Only the copy here: who deleted the message sees to the server's. */
  readonly here?: true;
}

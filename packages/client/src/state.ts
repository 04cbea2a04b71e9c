import type {
  AccountId,
  DeviceId,
  FileId,
  MembershipEvent,
  MessageId,
  Role,
  RoomId,
  RoomPolicy,
} from '@sotto/protocol';

/**
 * What the engine shows the outside (E1): immutable snapshots, replaced as a whole where they changed, so
 * that an interface compares by reference and only renders.
 */
export interface EngineState {
  readonly connection: Connection;
  readonly self: Self;
  /** Everyone this account knows of, itself excluded. */
  readonly people: ReadonlyMap<AccountId, Person>;
  readonly rooms: ReadonlyMap<RoomId, Room>;
  /** Room ids, newest activity first. */
  readonly order: readonly RoomId[];
  /** Things the user is to know that belong to no single room, newest last. */
  readonly notices: readonly Notice[];
  /** False until the local store has been read; true offline too. */
  readonly loaded: boolean;
  /** True once all that the server had was read on this connection; false offline. */
  readonly caughtUp: boolean;
}

export type Connection =
  | { readonly status: 'connecting' }
  | { readonly status: 'online' }
  /** `retryAt` in milliseconds since 1970: when the next try is made by itself. */
  | { readonly status: 'offline'; readonly retryAt: number | null; readonly reason: string }
  /**
   * Only signing in again helps. `not_taken`: the server does not take this device. What rested here is gone where the account
   * itself removed the device (`removed`), or was signed out in another tab (`signed_out`).
   */
  | {
      readonly status: 'refused';
      readonly code: 'not_taken' | 'removed' | 'signed_out';
      readonly reason: string;
    };

export interface Self {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly name: string;
  readonly kind: 'guest' | 'password';
  /** K5: 'none' for a guest; 'locked' where the password was changed elsewhere and has to be typed here. */
  readonly vault: 'none' | 'open' | 'locked';
  /** The account has a recovery phrase. */
  readonly recoverable: boolean;
  /** Ed25519 identity key, 32 bytes: source of the avatar. */
  readonly identity: Uint8Array<ArrayBuffer>;
}

export interface Person {
  readonly account: AccountId;
  readonly name: string;
  readonly online: boolean;
  /** Last time online; null where unknown. */
  readonly seen: number | null;
  /** Pinned identity key; null until first needed. */
  readonly identity: Uint8Array<ArrayBuffer> | null;
  readonly trust: Trust;
}

/** K4. `changed` stops sending to this person until the user accepts or verifies anew. */
export type Trust = 'unverified' | 'verified' | 'changed';

export interface Room {
  readonly room: RoomId;
  readonly kind: 'direct' | 'group';
  /** The group's name, or the other person's. Never empty. */
  readonly title: string;
  readonly topic: string;
  /** The other side of a direct conversation. */
  readonly peer: AccountId | null;
  readonly members: readonly RoomMember[];
  readonly policy: RoomPolicy;
  readonly epoch: number;
  /** This account's standing. */
  readonly standing: 'member' | 'left' | 'removed';
  readonly role: Role;
  readonly last: LastActivity | null;
  readonly unread: number;
  /** Unread messages that mention this account. */
  readonly mentions: number;
  /** Others who are typing right now. */
  readonly typing: readonly AccountId[];
  readonly muted: boolean;
  readonly draft: string;
  readonly security: RoomSecurity;
  /** New keys are being made, or entries fetched; for progress. */
  readonly work: RoomWork | null;
  /** True on a new device while only the signed headers are read: what was said comes in its turn, or once it is opened. */
  readonly reading: boolean;
}

export interface RoomMember {
  readonly account: AccountId;
  readonly name: string;
  readonly role: Role;
  /** Devices that can read, by the member's signed list. */
  readonly devices: number;
}

export interface LastActivity {
  readonly time: number;
  readonly account: AccountId | null;
  /** One line of text; for a system line, null: the interface words `event`. */
  readonly preview: string | null;
  /** M6: the message carries files; `preview` is then their caption, '' where there is none. */
  readonly files?: FileSummary;
  readonly event: SystemEvent | null;
}

/** What is said of a message's files where they themselves do not fit. */
export interface FileSummary {
  readonly count: number;
  /** Media type of the first, as the sender says. */
  readonly type: string;
  /** Name of the first, as the sender says. */
  readonly name: string;
}

/** One lock state per conversation. */
export type RoomSecurity =
  | { readonly state: 'verified' }
  | { readonly state: 'unverified' }
  /** Names the reason and the one action that resolves it; sending is held back where `blocksSending`. */
  | { readonly state: 'attention'; readonly alarm: Alarm; readonly blocksSending: boolean };

/** A rule of the protocol was broken by somebody; `rule` is its number in the design. */
export interface Alarm {
  readonly rule: string;
  readonly kind:
    | 'identity-changed'
    | 'rollback'
    | 'fork'
    | 'gap'
    | 'bad-header'
    | 'bad-message'
    | 'bad-list'
    | 'expired-key'
    | 'locked-out'
    /** The keys of this very device are in use elsewhere too. */
    | 'copied-device';
  readonly account: AccountId | null;
  /** What happened, for the details link; plain words come from the interface's catalogue by `kind`. */
  readonly detail: string;
  readonly at: number;
}

export type RoomWork =
  | { readonly kind: 'rekey'; readonly done: number; readonly total: number }
  | { readonly kind: 'sync'; readonly done: number; readonly total: number };

export interface Notice {
  readonly id: string;
  readonly kind: 'alarm' | 'send-failed' | 'storage' | 'update' | 'new-device';
  /** On 'alarm': of what kind. */
  readonly alarm?: Alarm['kind'];
  /** On 'new-device': which one. */
  readonly device?: DeviceId;
  readonly room: RoomId | null;
  readonly account: AccountId | null;
  readonly detail: string;
  readonly at: number;
}

/** One conversation's lines, oldest first. */
export interface TimelineState {
  readonly items: readonly TimelineItem[];
  /** More exists before the first item. */
  readonly hasOlder: boolean;
  /** True too while a new device reads the conversation for the first time. */
  readonly loadingOlder: boolean;
  /** Position of the newest entry this account had read when the timeline was opened. */
  readonly readAtOpen: number;
}

export type TimelineItem = MessageItem | SystemItem | UnreadableItem;

export interface MessageItem {
  readonly type: 'message';
  /** Stable across sending: `device/id`. */
  readonly key: string;
  /** Log position; null while waiting in the outbox. */
  readonly position: number | null;
  readonly id: MessageId;
  readonly account: AccountId;
  readonly device: DeviceId;
  /** Server time, or the local time while waiting. */
  readonly time: number;
  readonly own: boolean;
  readonly body: string;
  /** Mentions this account. */
  readonly mentionsSelf: boolean;
  readonly edited: number | null;
  readonly deleted: boolean;
  readonly reply: { readonly position: number; readonly account: AccountId; readonly body: string } | null;
  readonly reactions: readonly Reaction[];
  /** Only for own messages. */
  readonly delivery: Delivery | null;
  /** M6: files; `body` is then their caption. Empty once deleted. */
  readonly files: readonly FileItem[];
  /** Content of a kind this version does not know (M4): its name. */
  readonly unknownKind: string | null;
}

/** One file of a message. Everything here comes from the sender, and is shown as text or not at all (attack 31). */
export interface FileItem {
  readonly file: FileId;
  readonly name: string;
  readonly type: string;
  /** Plaintext bytes. */
  readonly size: number;
  /** Pixels, of pictures and videos. */
  readonly width: number | null;
  readonly height: number | null;
  /** Milliseconds, of sound and video. */
  readonly duration: number | null;
  readonly thumbhash: Uint8Array<ArrayBuffer> | null;
  /** A small JPEG or WebP. */
  readonly thumbnail: Uint8Array<ArrayBuffer> | null;
  /** A voice message: loudness over its time, 0 … 255 each. */
  readonly waveform: Uint8Array<ArrayBuffer> | null;
}

export interface Reaction {
  readonly emoji: string;
  readonly accounts: readonly AccountId[];
  readonly own: boolean;
}

export type Delivery =
  | { readonly state: 'waiting' }
  | { readonly state: 'failed'; readonly code: string; readonly reason: string }
  | { readonly state: 'sent' }
  | { readonly state: 'delivered'; readonly to: number; readonly of: number }
  | { readonly state: 'read'; readonly by: readonly AccountId[]; readonly of: number };

/** Everything that changes who can read the conversation, told in plain words by the interface. */
export interface SystemItem {
  readonly type: 'system';
  readonly key: string;
  readonly position: number | null;
  readonly time: number;
  /** Who did it. */
  readonly account: AccountId | null;
  readonly event: SystemEvent;
}

export type SystemEvent =
  | MembershipEvent
  | { readonly type: 'renamed'; readonly title: string }
  /** The person asked to leave; the epoch without them follows. */
  | { readonly type: 'leaving'; readonly account: AccountId }
  /** This user accepted the person's changed identity. */
  | { readonly type: 'identity-accepted'; readonly account: AccountId }
  | { readonly type: 'refused-entry'; readonly alarm: Alarm }
  | { readonly type: 'alarm'; readonly alarm: Alarm };

/** An entry whose epoch secret is not here (yet): R6 asks for it. */
export interface UnreadableItem {
  readonly type: 'unreadable';
  readonly key: string;
  readonly position: number;
  readonly time: number;
  readonly account: AccountId;
  readonly epoch: number;
  /** `before-joining`: not entitled. `requested`: other devices were asked for the key. */
  readonly reason: 'before-joining' | 'requested';
}

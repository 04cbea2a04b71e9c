import type { FileLine, MessageLine, ReactionLine, VerificationCode } from '@sotto/crypto';
import type {
  AccountId,
  DeviceId,
  MembershipEvent,
  MessageId,
  Role,
  RoomId,
  RoomKind,
  RoomPolicy,
} from '@sotto/protocol';
import type { ClientErrorCode, Failure } from './error.ts';
import type { StorageError } from './seams/storage.ts';

/**
 * What the engine shows the outside (E1): immutable snapshots, replaced as a whole where they changed, so
 * that an interface compares by reference and only renders.
 */
export interface EngineState {
  readonly connection: Connection;
  readonly self: Self;
  /** Everyone this account knows of, itself excluded. */
  readonly people: ReadonlyMap<AccountId, Person>;
  /** Without those that were not accepted. */
  readonly rooms: ReadonlyMap<RoomId, Room>;
  /** Room ids, newest activity first. */
  readonly order: readonly RoomId[];
  /** Attack 48: who would like this person in a conversation, newest first; nothing of it notifies or counts. */
  readonly requests: readonly RoomRequest[];
  /** True once all requests that waited at the server are here; nothing else waits for that. */
  readonly requestsRead: boolean;
  /** Attack 48: people of whom nothing is to be heard, with the names they had when they were blocked. */
  readonly blocked: ReadonlyMap<AccountId, string>;
  /** Things the user is to know that belong to no single room, newest last. */
  readonly notices: readonly Notice[];
  /** False until the local store has been read; true offline too. */
  readonly loaded: boolean;
  /** True once all that the server had was read on this connection; false offline. */
  readonly caughtUp: boolean;
}

export type Connection =
  | { readonly status: 'connecting' }
  /** `skew`: milliseconds by which this device's clock is behind the server's; negative where it is ahead. */
  | { readonly status: 'online'; readonly skew: number }
  /** `retryAt` in milliseconds since 1970: when the next try is made by itself. */
  | { readonly status: 'offline'; readonly retryAt: number | null; readonly why: ClientErrorCode }
  /**
   * Only signing in again helps. `not_taken`: the server does not take this device. What rested here is gone where the account
   * itself removed the device (`removed`), or was signed out in another tab (`signed_out`).
   */
  | { readonly status: 'refused'; readonly code: 'not_taken'; readonly why: ClientErrorCode }
  | { readonly status: 'refused'; readonly code: 'removed' | 'signed_out' };

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
  /** As they signed it; the server's word until a device list of theirs is known. */
  readonly name: string;
  /** Attack 49: what the server calls them, where that is not what they signed. */
  readonly claimed: string | null;
  /** Attack 49: whose name, known here, theirs is easily taken for; null where nobody's is, or they are verified. */
  readonly looksLike: AccountId | null;
  readonly online: boolean;
  /** Last time online; null where unknown. */
  readonly seen: number | null;
  /** Pinned identity key; null until first needed. */
  readonly identity: Uint8Array<ArrayBuffer> | null;
  readonly trust: Trust;
}

/** K4. `changed` stops sending to this person until the user accepts or verifies anew. */
export type Trust = 'unverified' | 'verified' | 'changed';

/** What is being written in a conversation: the same in all tabs of this device, and after a reload. */
export interface Draft {
  readonly text: string;
  /** Log position of the message that it answers. */
  readonly reply: number | null;
  /** A message that is being edited, with its words so far; what was written before comes back after it. */
  readonly edit: { readonly position: number; readonly text: string } | null;
}

export interface Room {
  readonly room: RoomId;
  readonly kind: RoomKind;
  /** The group's name, or the other person's. Never empty. */
  readonly title: string;
  readonly topic: string;
  /** The other side of a direct conversation. */
  readonly peer: AccountId | null;
  readonly members: readonly RoomMember[];
  readonly policy: RoomPolicy;
  /** When each of the group's invite links ends, also of links that are over. */
  readonly invites: readonly number[];
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
  readonly draft: Draft;
  readonly security: RoomSecurity;
  /** New keys are being made, or entries fetched; for progress. */
  readonly work: RoomWork | null;
  /** True on a new device while only the signed headers are read: what was said comes in its turn, or once it is opened. */
  readonly reading: boolean;
}

/**
 * Attack 48: somebody this account shares nothing with brought it into a conversation. But for the name of their account
 * nothing here is theirs to choose; what they would like to be seen is in `preview`, for who asks for it.
 */
export interface RoomRequest {
  readonly room: RoomId;
  readonly kind: 'direct' | 'group';
  /** Who brought this account in, and the name of their account. */
  readonly by: AccountId;
  readonly name: string;
  /** How many there are beside the two. */
  readonly others: number;
  /** Names exactly what is asked: the header by which they did it. An answer to anything else is refused. */
  readonly header: string;
  /** When, by their clock. */
  readonly at: number;
  readonly preview: Room;
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
  /** Attack 48: by somebody who is blocked; what they said is left out. */
  readonly blocked?: true;
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
  /** Which refusal of the crypto it is. */
  readonly code: VerificationCode;
  readonly kind:
    | 'identity-changed'
    | 'rollback'
    | 'fork'
    | 'gap'
    | 'bad-header'
    | 'bad-message'
    | 'bad-list'
    | 'expired-key'
    /** The server shows an exchange key that a newer one has replaced. */
    | 'old-key'
    | 'locked-out'
    /** Attack 52: the server shows an older device list or vault than this account, or somebody it talks with, has seen. */
    | 'rolled-back'
    /** The keys of this very device are in use elsewhere too. */
    | 'copied-device';
  readonly account: AccountId | null;
  /** What happened, for developers; an interface has words for `kind` and `code`. */
  readonly detail: string;
  readonly at: number;
  /** On `rolled-back`: of when what the server shows is; what changed since is missing. Absent where nothing says so. */
  readonly since?: number;
}

export type RoomWork =
  | { readonly kind: 'rekey'; readonly done: number; readonly total: number }
  | { readonly kind: 'sync'; readonly done: number; readonly total: number };

export type Notice = NoticeFacts & NoticeKind;

export type NoticeKind =
  /** Something broke a rule; `since` as in `Alarm`, null where nothing says so. */
  | ({ readonly kind: 'alarm'; readonly alarm: Alarm['kind']; readonly since: number | null } & Pick<
      Alarm,
      'rule' | 'code'
    >)
  /** The local store failed. */
  | { readonly kind: 'storage'; readonly code: StorageError['code'] }
  /** Another device joined this account: which one, with its signing key. */
  | {
      readonly kind: 'new-device';
      readonly device: { readonly device: DeviceId; readonly signing: Uint8Array<ArrayBuffer> };
    };

export interface NoticeFacts {
  /** Its number: no other notice of this engine has it, so that what is put away is what was read. */
  readonly id: string;
  readonly room: RoomId | null;
  readonly account: AccountId | null;
  /** For developers. */
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

/** One file of a message, and who reacted to it how. */
export type { FileLine as FileItem, ReactionLine as Reaction };

/** A message, by what it shows now: each kind of content with what is its own (`@sotto/crypto`, `message/kinds`). */
export type MessageItem = MessageFacts & MessageLine;

/** What is known of every message, whatever it says. */
export interface MessageFacts {
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
  /** Mentions this account. */
  readonly mentionsSelf: boolean;
  readonly reply: { readonly position: number; readonly account: AccountId; readonly body: string } | null;
  /** Attack 48: by somebody who is blocked; shown to who asks for it. */
  readonly blocked: boolean;
  /** Only for own messages. */
  readonly delivery: Delivery | null;
}

export type Delivery =
  | { readonly state: 'waiting' }
  | ({ readonly state: 'failed' } & Failure)
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

import type { AccountId, DeviceId, Info, MessageId, Role, RoomId, RoomPolicy } from '@sotto/protocol';
import type { Events } from './events.ts';
import type { Files } from './files.ts';
import type { Observable } from './observable.ts';
import type { Draft, EngineState, FileItem, TimelineState } from './state.ts';

/** Steps of making an account, in order; the interface says what is being made while it happens. */
export type SetupStep =
  | 'identity'
  | 'device'
  | 'exchange-rsa'
  | 'exchange-mlkem'
  | 'password'
  /** Strangers tried this name: the server asks for work (attack 51). */
  | 'work'
  | 'vault'
  | 'registering'
  | 'opening';

export interface Profile {
  readonly account: AccountId;
  readonly name: string;
  readonly kind: 'guest' | 'password';
  readonly identity: Uint8Array<ArrayBuffer>;
  readonly lastUsed: number;
}

/** One of the account's own devices. */
export interface OwnDevice {
  readonly device: DeviceId;
  /** Its signing key, by the account's signed list (K3). */
  readonly signing: Uint8Array<ArrayBuffer>;
  /** Empty where it has not been named yet. */
  readonly name: string;
  readonly kind: 'browser' | 'terminal';
  readonly addedAt: number;
  readonly online: boolean;
  /** Last time online; null where unknown. */
  readonly seen: number | null;
  /** This very device. */
  readonly current: boolean;
}

/**
 * Attack 49: whom a user chose. With the name that was shown, nothing is sent where the person's own signed list says
 * another ('name_differs'); an id alone is enough for programs that go by ids.
 */
export type Chosen = AccountId | { readonly account: AccountId; readonly name: string };

/** The client before anyone is signed in: which accounts live here, and how to get one. */
export interface Sotto {
  /** @throws ClientError 'unreachable' */
  info(): Promise<Info>;
  /** Accounts whose keys rest on this device, last used first. */
  profiles(): Promise<readonly Profile[]>;
  /** Just a name; the identity lives on this device only. @throws ClientError 'name_taken', 'bad_name', … */
  createGuest(name: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** @throws ClientError 'name_taken', 'bad_name', 'weak_password', … */
  createAccount(name: string, password: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** Signs in here as a further device. @throws ClientError 'bad_login', … */
  signIn(name: string, password: string, onStep?: (step: SetupStep) => void): Promise<Engine>;
  /** Signs in by the recovery phrase, without the password, and sets a new one. @throws ClientError 'bad_login', 'bad_phrase' */
  recover(
    who: { name: string; phrase: string; password: string },
    onStep?: (step: SetupStep) => void,
  ): Promise<Engine>;
  /**
   * Password, phrase and devices are all gone: with a code from the operator the account starts over under its name, as
   * somebody everyone has to accept anew (K4). History, contacts and groups are not brought back by it.
   * @throws ClientError 'bad_code', 'weak_password', 'usage'
   */
  reset(
    who: { name: string; code: string; password: string },
    onStep?: (step: SetupStep) => void,
  ): Promise<Engine>;
  /** Opens an account that lives here; works offline (E5). */
  resume(account: AccountId): Promise<Engine>;
  /** Erases an account's keys and messages from this device; where online, takes the device off its list. */
  forget(account: AccountId): Promise<void>;
}

/** One signed-in account (E1). Commands resolve once their effect is durable locally, not when sent. */
export interface Engine extends Observable<EngineState> {
  readonly account: AccountId;
  /** M6: sending and opening files. */
  readonly files: Files;
  /** What others do, as it arrives. */
  readonly events: Events;
  /** The conversation's lines; the same object for the same room. */
  timeline(room: RoomId): Timeline;

  /**
   * Opens, or makes, the one conversation with this person; where they asked for it, this accepts.
   * @throws ClientError 'name_differs', 'usage' where they are blocked
   */
  openDirect(person: Chosen): Promise<RoomId>;
  /**
   * Attack 48: answers a request. `header` is the one that was shown; where it is another by now, nothing is done.
   * @throws ClientError 'not_current'
   */
  acceptRequest(room: RoomId, header: string): Promise<void>;
  declineRequest(room: RoomId, answer: { header: string; block: boolean }): Promise<void>;
  /** Hears nothing of the person any more, on all devices of this account; nobody else learns of it. */
  block(account: AccountId): Promise<void>;
  unblock(account: AccountId): Promise<void>;
  /** @throws ClientError 'name_differs' */
  createGroup(group: { name: string; topic?: string; members: readonly Chosen[] }): Promise<RoomId>;
  rename(room: RoomId, profile: { name: string; topic?: string }): Promise<void>;
  setPolicy(room: RoomId, policy: RoomPolicy): Promise<void>;
  /** @throws ClientError 'name_differs' */
  addMembers(room: RoomId, people: readonly Chosen[]): Promise<void>;
  removeMember(room: RoomId, account: AccountId): Promise<void>;
  setRole(room: RoomId, account: AccountId, role: Role): Promise<void>;
  leave(room: RoomId): Promise<void>;
  /** Makes a new epoch now. */
  rekey(room: RoomId): Promise<void>;
  /** R7: a link that lets its holder in; `expires` in milliseconds since 1970 by this device's clock. */
  createInvite(room: RoomId, expires: number): Promise<string>;
  revokeInvites(room: RoomId): Promise<void>;
  /** What an invite link's fragment leads to. @throws ClientError 'invite_expired', 'not_found', … */
  previewInvite(fragment: string): Promise<InvitePreview>;
  /**
   * Comes in where that is still the group that was shown: what happened since follows from it by the group's own rules, and
   * nobody who was shown is gone. @throws ClientError 'not_current' where it is not, …
   */
  joinByInvite(fragment: string, shown: Pick<InvitePreview, 'header'>): Promise<RoomId>;

  /** Into the durable outbox (E3). @throws ClientError 'too_large' */
  sendText(
    room: RoomId,
    text: { body: string; reply?: number; mentions?: readonly AccountId[] },
  ): Promise<MessageId>;
  /** A caption may be emptied, a text may not. @throws ClientError 'usage', 'too_large', 'forbidden', 'not_found', 'deleted' */
  edit(room: RoomId, position: number, body: string): Promise<void>;
  remove(room: RoomId, position: number): Promise<void>;
  react(room: RoomId, position: number, emoji: string, on: boolean): Promise<void>;
  /** Tries a failed message again, or gives it up. */
  retry(room: RoomId, id: MessageId): Promise<void>;
  discard(room: RoomId, id: MessageId): Promise<void>;
  /** Tells the others; goes out at most every few seconds and lapses by itself. */
  setTyping(room: RoomId, typing: boolean): void;
  /** Everything up to `position` was on the user's screen. */
  markRead(room: RoomId, position: number): Promise<void>;
  setDraft(room: RoomId, draft: Draft): Promise<void>;
  setMuted(room: RoomId, muted: boolean): Promise<void>;

  /**
   * What two people compare; null where no key of theirs is known yet. While a person's key is changed, it is of the key the
   * server shows now. @throws ClientError 'unreachable' where that has to be asked for
   */
  safetyNumber(account: AccountId): Promise<SafetyNumber | null>;
  /**
   * K4: whether the user compared the number of this very key; verifying a changed key accepts it.
   * @throws ClientError 'not_current' where `identity` is no longer the person's
   */
  setVerified(account: AccountId, identity: Uint8Array<ArrayBuffer>, verified: boolean): Promise<void>;
  /**
   * K4: goes on with the person's new identity key. @param identity as `safetyNumber` showed it
   * @throws ClientError 'not_current' where the server shows another by now
   */
  acceptIdentity(account: AccountId, identity: Uint8Array<ArrayBuffer>): Promise<void>;
  /** K3: the account goes by another name, which everyone is told. @throws ClientError 'bad_name', 'name_taken' */
  renameSelf(name: string): Promise<void>;
  /** A zip of everything this device can read, as readable files; without keys. */
  exportData(onProgress?: (done: number, total: number) => void): Promise<Uint8Array>;
  dismissNotice(id: string): Promise<void>;

  /** A guest gets a password and with it a vault; an account gets another password. @throws ClientError 'weak_password' */
  setPassword(password: string): Promise<void>;
  /**
   * Somebody who knew the password changed it, or may: signs out every other device, sets a new password by the keys of
   * this one, and makes new keys in every room. The recovery phrase counts no more. @throws ClientError 'weak_password', 'usage'
   */
  takeBack(password: string): Promise<void>;
  /** After the password was changed on another device: opens the vault here again. @throws ClientError 'bad_login' */
  unlockVault(password: string): Promise<void>;
  /** 24 words, shown once, in place of any before. @throws ClientError 'bad_login' */
  createRecoveryPhrase(password: string): Promise<string>;
  /** The account's devices, this one among them. */
  devices(): Promise<readonly OwnDevice[]>;
  renameDevice(device: DeviceId, name: string): Promise<void>;
  /**
   * Signs devices off the account, as they were shown, and makes new keys in every room; resolves once the last room has them.
   * @throws ClientError 'not_current' where a device of that id has another key
   */
  removeDevices(devices: readonly Pick<OwnDevice, 'device' | 'signing'>[]): Promise<void>;
  /** Messages on this device whose text has all words, newest first. */
  search(query: string, limit?: number): Promise<readonly SearchHit[]>;
  /** Tries to connect now instead of at `retryAt`. */
  reconnect(): void;
  /** Ends connections and timers; stored data stays. */
  close(): Promise<void>;
}

/** R7: what an invite link leads to, by the newest header. */
export interface InvitePreview {
  readonly room: RoomId;
  /** What the group was called when the link was made. */
  readonly name: string;
  /** It is called so now. */
  readonly current: boolean;
  readonly members: readonly { readonly account: AccountId; readonly name: string }[];
  /** That header, signed: who joins names it. */
  readonly header: Uint8Array<ArrayBuffer>;
}

/** K4: the digits that two people compare, and the key they are of. */
export interface SafetyNumber {
  /** 60 digits in 12 groups of 5, the same on both sides. */
  readonly number: string;
  /** The other's identity key: accepting and verifying name it. */
  readonly identity: Uint8Array<ArrayBuffer>;
  /** Number of the key known so far, which this one would take the place of; null where it is that key. */
  readonly replaces: string | null;
}

export interface Timeline extends Observable<TimelineState> {
  /** Loads the page before the first item: from the store, else from the server. */
  loadOlder(): Promise<void>;
}

export interface SearchHit {
  readonly room: RoomId;
  readonly position: number;
  readonly account: AccountId;
  readonly time: number;
  readonly body: string;
  /** M6: the message's files; their names were searched too. */
  readonly files?: readonly FileItem[];
}

import type { AccountId, DeviceId, RoomId } from '@sotto/protocol';
import type { Observable } from './observable.ts';
import type { FileItem, TimelineState } from './state.ts';

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

import type { AccountId, DeviceId, KeyAge, Signed, succession, VaultRecord } from '@sotto/protocol';

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

export interface StoredKey extends KeyAge {
  readonly device: DeviceId;
  readonly key: Signed;
}

export interface NewList extends StoredList {
  /** Every device of the list with its signing key, base64url. */
  readonly devices: readonly { readonly device: DeviceId; readonly signing: string }[];
}

/** K3: the name that an account's newest list carries, and what it is compared by. */
export interface TakenName {
  readonly name: string;
  /** Two accounts never share it. */
  readonly folded: string;
  /** How it looks, as written and in small letters; two accounts share neither. */
  readonly written: string;
  readonly small: string;
}

/** Somebody else has the name, or one that looks like it. */
export type NameConflict = 'name_taken' | 'name_confusable';

export interface NextList {
  readonly list: NewList;
  readonly name: TakenName;
  /** Of a device that the list adds. */
  readonly key: StoredKey | null;
}

export interface NewAccount {
  readonly account: AccountId;
  readonly name: TakenName;
  readonly list: NewList;
  readonly key: StoredKey;
  readonly password: { readonly record: string; readonly vault: VaultRecord } | null;
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
  create(account: NewAccount): Promise<'created' | 'same' | 'id_reused' | NameConflict>;
  get(account: AccountId): Promise<StoredAccount | undefined>;
  byName(folded: string): Promise<StoredAccount | undefined>;
  /** What keeps the account from this name; null for nothing. */
  conflict(account: AccountId, name: TakenName): Promise<NameConflict | null>;
  everyone(): Promise<StoredAccount[]>;
  /** Accounts that are now in a room with this one; without itself. */
  neighbours(account: AccountId): Promise<AccountId[]>;
  /** Attack 48: those of them in a room that both are in by their own doing. */
  companions(account: AccountId): Promise<AccountId[]>;
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
  /** Version of everybody's newest list. */
  versions(): Promise<Map<AccountId, number>>;
  /** Lists after that version, oldest first. */
  listsAfter(account: AccountId, version: number): Promise<StoredList[]>;
  /**
   * K3: the next version. Forgets keys, wraps, requests, receipts and times of devices it drops.
   * 'conflict' unless the newest is exactly one version less; 'key_changed' where a device id once stood
   * for another key, or in another account; a `NameConflict` where somebody else has the name it carries.
   */
  extend(account: AccountId, next: NextList): Promise<'extended' | 'conflict' | 'key_changed' | NameConflict>;
  /** Signing key ever listed for the device, base64url. */
  signingKey(account: AccountId, device: DeviceId): Promise<string | undefined>;
  keys(account: AccountId): Promise<StoredKey[]>;
  /** K2, attack 43: takes only what is newer than the device's stored one (`succession`). */
  putKey(account: AccountId, key: StoredKey): Promise<ReturnType<typeof succession>>;
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

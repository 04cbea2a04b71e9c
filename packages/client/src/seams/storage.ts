import type { SealedFiles } from './sealed-files.ts';

/**
 * Where one account's data rests on this device. Rows are structured-cloneable values; keys are tuples of
 * texts and numbers, ordered component by component (numbers before texts, as in IndexedDB).
 */
export const TABLES = [
  /** Single facts: own device, cursor of the directory, settings. Key: [name]. */
  'meta',
  /** CryptoKeys and sealed secrets of this device. Key: [name] or [name, id]. */
  'keys',
  /** People and their pins (K4). Key: [account]. */
  'people',
  /** Verified device lists. Key: [account, version]. */
  'lists',
  /** The newest exchange key seen of each device (K2). Key: [account, device]. */
  'exchange-keys',
  /** One record per room. Key: [room]. */
  'rooms',
  /** Verified headers. Key: [room, epoch]. */
  'headers',
  /** Epoch secrets. Key: [room, hash of the signed header]. */
  'secrets',
  /** Log entries with what they say. Key: [room, position]. */
  'entries',
  /** Which entries edit or delete which, so that either may come first. Key: [room, position of the one, of the other]. */
  'changes',
  /** Newest receipt of each device. Key: [room, device]. */
  'receipts',
  /** What waits to be sent. Key: [room, sequence]. */
  'outbox',
  /** M6: files on their way, kept, or to be deleted. Key: [file]. */
  'files',
] as const;

export type Table = (typeof TABLES)[number];
export type Key = readonly (string | number)[];

export interface KeyRange {
  /** Rows whose key starts with these components. */
  readonly prefix: Key;
  /** Bounds on the component after the prefix, both inclusive. */
  readonly from?: number | string;
  readonly to?: number | string;
  readonly order?: 'ascending' | 'descending';
  readonly limit?: number;
}

/** Operations inside one transaction. */
export interface Transaction {
  get<Row>(table: Table, key: Key): Promise<Row | undefined>;
  range<Row>(table: Table, range: KeyRange): Promise<Row[]>;
  put<Row>(table: Table, key: Key, row: Row): Promise<void>;
  delete(table: Table, key: Key): Promise<void>;
}

export interface Storage {
  /**
   * Runs `work` atomically and isolated from other transactions on the same tables, in this tab and in
   * others. `work` may await nothing but operations of its transaction (IndexedDB commits otherwise).
   * Resolves once durable; where `work` throws, nothing is written and the error is passed on.
   * @throws StorageError where the store is full, gone or broken
   */
  transaction<T>(
    tables: readonly Table[],
    mode: 'read' | 'write',
    work: (transaction: Transaction) => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** The stores of one installation: a list of profiles and one storage per account. */
export interface StorageHost {
  /** True where private keys can rest non-extractable (IndexedDB); false where they rest as bytes (files). */
  readonly keepsKeysOpaque: boolean;
  profiles(): Promise<readonly StoredProfile[]>;
  saveProfile(profile: StoredProfile): Promise<void>;
  open(account: string): Promise<Storage>;
  /** M6: the account's files on this device. */
  files(account: string): SealedFiles;
  /** Erases the account's storage, files and profile. */
  erase(account: string): Promise<void>;
}

export interface StoredProfile {
  readonly account: string;
  readonly name: string;
  readonly kind: 'guest' | 'password';
  readonly identity: Uint8Array<ArrayBuffer>;
  readonly lastUsed: number;
  /** Its keys rest here, and whether the server took them is not known: the program ended, or no answer came. */
  readonly unfinished?: true;
}

/** The local store failed; what was acknowledged before is intact. */
export class StorageError extends Error {
  readonly code: 'full' | 'gone' | 'blocked' | 'broken';
  constructor(code: StorageError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StorageError';
    this.code = code;
  }
}

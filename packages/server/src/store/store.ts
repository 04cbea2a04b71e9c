import type { AccountId, ArchiveEntry, Asker, DeviceId, DeviceWrap, HeaderHash } from '@sotto/protocol';
import type { AccountStore, DeviceStore } from './accounts.ts';
import type { LogStore } from './entries.ts';
import type { FileStore } from './files.ts';
import type { ResetStore } from './resets.ts';
import type { RoomStore } from './rooms.ts';

export type * from './accounts.ts';
export type * from './entries.ts';
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

export interface DeliveryStore {
  /** Those that wait, by room and epoch: as many as `LIMITS` says. */
  wraps(account: AccountId, device: DeviceId): Promise<DeviceWrap[]>;
  forgetWrap(header: HeaderHash, account: AccountId, device: DeviceId): Promise<void>;
  /** R6. False, and nothing stored, where the account does not stand in each header or asks for too much at a time. */
  ask(
    asker: Asker,
    headers: readonly HeaderHash[],
    terms: AskTerms,
  ): Promise<'asked' | 'not_entitled' | 'limit'>;
  /** Headers whose secrets the device asked for since then and has no wrap for, newest first. */
  asked(asker: Asker, since: number): Promise<HeaderHash[]>;
  /**
   * R6: wraps under the device's newest exchange key, as far as it still asks for them; others are left out, so that nobody
   * spoils a wrap that waits (attack 27).
   * @returns those kept, or 'stale_key'
   */
  answer(
    asker: Asker,
    key: string,
    wraps: readonly Pick<DeviceWrap, 'header' | 'body'>[],
  ): Promise<DeviceWrap[] | 'stale_key'>;
  /** Whom to ask for what the device asks for. */
  helpers(asker: Asker, since: number): Promise<Helpers>;
  /** Other devices that ask in rooms where this account is a member; the newest, at most `limit`. */
  askers(account: AccountId, device: DeviceId, since: number, limit: number): Promise<Asker[]>;
}

export interface AskTerms {
  readonly now: number;
  /** What was asked for before is forgotten. */
  readonly since: number;
  /** Open at a time: of one device in one room, of one account in all. */
  readonly limits: { readonly device: number; readonly account: number };
}

export interface Helpers {
  /** Members, and in how many of the headers each stands; null where it has not accepted the room (attack 48). */
  readonly members: readonly { readonly account: AccountId; readonly stands: number | null }[];
  /** Devices that ask for all of the same themselves. */
  readonly lacking: readonly Pick<Asker, 'account' | 'device'>[];
}

export interface ArchivePage {
  readonly entries: readonly ArchiveEntry[];
  /** Cursor to go on from; null at the end. */
  readonly next: number | null;
}

/** M5: epoch secrets under their account's archive key. */
export interface ArchiveStore {
  /**
   * The newest of a header stays, under a cursor beyond all others of the account; what is stored
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

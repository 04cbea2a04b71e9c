import type { AccountId } from '@sotto/protocol';

/** While it is open, people come back from their own backups. */
export interface RestoreWindow {
  /** When it ends. */
  readonly until: number;
  /** Bytes of the database that all who come back may fill. */
  readonly bytes: number;
}

/** What is brought. */
export interface Load {
  readonly rooms: number;
  readonly people: number;
  readonly entries: number;
  readonly bytes: number;
}

export interface RestoreStore {
  /** Opens a window, in which nobody has brought anything yet; null: shuts it. */
  setWindow(window: RestoreWindow | null): Promise<void>;
  /** The one that is open now. */
  window(now: number): Promise<RestoreWindow | undefined>;
  /**
   * Counts what an account is about to bring, unless that were too much: of its own by `most`, or of all by the window.
   * Nothing is counted then.
   */
  charge(account: AccountId, load: Load, most: Load): Promise<'charged' | 'account' | 'all'>;
}

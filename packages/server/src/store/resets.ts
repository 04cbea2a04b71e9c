import type { AccountId, VaultRecord } from '@sotto/protocol';
import type { NewList, StoredKey, TakenName } from './accounts.ts';

/** K4: an account that starts over: everything of its old identity goes but its name, its lists and its place in rooms. */
export interface AccountReset {
  readonly account: AccountId;
  /** SHA-256 of the operator's code, base64url. */
  readonly code: string;
  readonly list: NewList;
  /** The account's name goes on. */
  readonly name: TakenName;
  /** The list it follows. */
  readonly previous: string;
  readonly key: StoredKey;
  readonly record: string;
  readonly vault: VaultRecord;
}

export interface ResetStore {
  /** Takes the place of any code before. */
  allow(account: AccountId, code: { readonly hash: string; readonly until: number }): Promise<void>;
  /** Is this the account's code, and still good? */
  allows(account: AccountId, code: string, now: number): Promise<boolean>;
  /**
   * Once: 'same' where exactly this was done before, 'conflict' where the list does not follow the newest one or names a
   * device that was ever listed.
   */
  reset(reset: AccountReset, now: number): Promise<'reset' | 'same' | 'bad_code' | 'conflict'>;
}

import { type Bytes, concat, utf8 } from './bytes.ts';
import { type AccountId, ID_BYTES, idFromBytes } from './ids.ts';

/**
 * K1, attack 46: an account's id follows from the identity key that signed version 1 of its device list, so that nobody takes
 * it with another key. It stays where the account starts over (K4).
 */
export const accountInput = (identity: Uint8Array): Bytes => concat(utf8('sotto/v1/account\0'), identity);

/** @param hash SHA-256 of `accountInput` */
export const accountFrom = (hash: Uint8Array): AccountId =>
  idFromBytes<AccountId>(hash.subarray(0, ID_BYTES));

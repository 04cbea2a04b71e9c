import { type AccountId, type Bytes, concat, idBytes, utf8 } from '@sotto/protocol';
import { VerificationError } from '../failure.ts';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { hkdfSha256 } from '../primitives/digest.ts';
import { randomBytes } from '../primitives/random.ts';

/** Which way in a lock stands for; a lock of one kind does not open as the other. */
export type LockKind = 'password' | 'phrase';

interface LockPlace {
  readonly account: AccountId;
  readonly kind: LockKind;
  /** OPAQUE's export key, or what the recovery phrase gives. */
  readonly secret: Bytes;
}

const associated = ({ account, kind }: LockPlace) =>
  concat(utf8(`sotto/v1/vault-lock/${kind}\0`), idBytes(account));

async function lockKey(place: LockPlace, salt: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const okm = await hkdfSha256(place.secret, salt, associated(place), 44);
  return { key: okm.slice(0, 32), nonce: okm.slice(32) };
}

/** K5: the vault's key under one way in: 32-byte salt ‖ AES-256-GCM of 32 bytes. */
export async function lockVaultKey(vaultKey: Bytes, place: LockPlace): Promise<Bytes> {
  const salt = randomBytes(32);
  const { key, nonce } = await lockKey(place, salt);
  return concat(salt, await aesGcmSeal(key, nonce, vaultKey, associated(place)));
}

/** @throws VerificationError K5 'bad_vault', whatever is wrong (attack 20) */
export async function unlockVaultKey(lock: Bytes, place: LockPlace): Promise<Bytes> {
  const { key, nonce } = await lockKey(place, lock.slice(0, 32));
  try {
    return await aesGcmOpen(key, nonce, lock.slice(32), associated(place));
  } catch (cause) {
    throw new VerificationError('K5', 'bad_vault', 'the vault does not open', { cause });
  }
}

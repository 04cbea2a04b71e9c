import { type AccountId, type Bytes, concat, idBytes } from '@sotto/protocol';
import { aesGcmOpen, aesGcmSeal } from '../primitives/aes-gcm.ts';
import { randomBytes } from '../primitives/random.ts';

/** A guest's identity seed while no vault holds it. */
export interface SealedSeed {
  /** Cannot leave the platform's key store; it seals this once. */
  readonly key: CryptoKey;
  /** 12-byte nonce ‖ AES-256-GCM of the seed, bound to the account. */
  readonly sealed: Bytes;
}

/** K5: until there is a vault, what rests on the device is worth nothing away from its key store. */
export async function sealSeed(seed: Bytes, account: AccountId): Promise<SealedSeed> {
  const usages: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, usages);
  const nonce = randomBytes(12);
  return { key, sealed: concat(nonce, await aesGcmSeal(key, nonce, seed.slice(), idBytes(account))) };
}

/** @throws VerificationError 'cannot_decrypt' where it was changed, or is another account's */
export const openSeed = ({ key, sealed }: SealedSeed, account: AccountId): Promise<Bytes> =>
  aesGcmOpen(key, sealed.slice(0, 12), sealed.slice(12), idBytes(account));

import type { Bytes } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';

function importKey(key: Bytes, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) {
    throw new UsageError(`AES-GCM key: expected 16, 24 or 32 bytes, got ${key.length}`);
  }
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [usage]);
}

function checkNonce(nonce: Bytes): void {
  if (nonce.length !== 12) throw new UsageError(`AES-GCM nonce: expected 12 bytes, got ${nonce.length}`);
}

/**
 * AES-GCM with a 128-bit tag behind the ciphertext (NIST SP 800-38D).
 * The caller never uses a key and nonce twice; every key of ours is derived for one use.
 */
export async function aesGcmSeal(
  key: Bytes | CryptoKey,
  nonce: Bytes,
  plaintext: Bytes,
  aad: Bytes,
): Promise<Bytes> {
  checkNonce(nonce);
  const imported = key instanceof Uint8Array ? await importKey(key, 'encrypt') : key;
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: aad, tagLength: 128 },
    imported,
    plaintext,
  );
  return new Uint8Array(sealed);
}

/** @throws VerificationError 'cannot_decrypt', the same for every cause (attack 20) */
export async function aesGcmOpen(
  key: Bytes | CryptoKey,
  nonce: Bytes,
  sealed: Bytes,
  aad: Bytes,
): Promise<Bytes> {
  checkNonce(nonce);
  const imported = key instanceof Uint8Array ? await importKey(key, 'decrypt') : key;
  try {
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: nonce, additionalData: aad, tagLength: 128 },
      imported,
      sealed,
    );
    return new Uint8Array(plain);
  } catch {
    // The platform's error carries nothing but "failed"; a uniform answer is the point (attack 20).
    throw new VerificationError('M1', 'cannot_decrypt', 'the ciphertext does not open');
  }
}

import type { Bytes } from '@sotto/protocol';

/** SHA-256, 32 bytes. */
export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** HKDF-SHA-256 (RFC 5869). @param length bytes of output, at most 8160 */
export async function hkdfSha256(ikm: Bytes, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  return hkdfFrom(await importHkdfKey(ikm), salt, info, length);
}

/** Input keying material as a key, for repeated derivations from one secret. */
export function importHkdfKey(ikm: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
}

/** As `hkdfSha256`, from an imported key. */
export async function hkdfFrom(key: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8);
  return new Uint8Array(bits);
}

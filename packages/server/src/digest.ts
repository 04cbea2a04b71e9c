import { hash } from 'node:crypto';
import { type Bytes, fromBase64Url, toBase64Url } from '@sotto/protocol';

/** SHA-256, 32 bytes. */
export function sha256(bytes: Uint8Array): Bytes {
  return new Uint8Array(hash('sha256', bytes, 'buffer'));
}

export const sha256Text = (bytes: Uint8Array): string => toBase64Url(sha256(bytes));

/** Bytes of a text that a schema already found to be canonical base64url. */
export function bytesOf(text: string): Bytes {
  const bytes = fromBase64Url(text);
  if (!bytes) throw new TypeError('bytesOf: not canonical base64url');
  return bytes;
}

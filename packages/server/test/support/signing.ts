import { hash, randomBytes } from 'node:crypto';
import {
  type Bytes,
  joinSigned,
  KEM_KEY_BYTES,
  ML_KEM_KEY_BYTES,
  type RoomId,
  roomFrom,
  type SigningContext,
  signingInput,
  toBase64Url,
} from '@sotto/protocol';

/** An Ed25519 key pair of a test person. */
export interface Key {
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

export async function makeKey(): Promise<Key> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('publicKey' in pair)) throw new Error('Ed25519 gave no key pair');
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    privateKey: pair.privateKey,
  };
}

export async function signRaw(context: SigningContext, payload: Bytes, key: Key): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, signingInput(context, payload)));
}

export async function signed(context: SigningContext, payload: Bytes, key: Key): Promise<Bytes> {
  return joinSigned(payload, await signRaw(context, payload, key));
}

/** An exchange key in form; nobody holds its private half. */
export function kemKey(): Bytes {
  const key = random(KEM_KEY_BYTES);
  // 12 bits for each coefficient, little-endian: the highest four are below what q begins with.
  for (let i = 0; i < 1_152; i += 3) {
    key[i + 1] = (key[i + 1] ?? 0) & 0xf7;
    key[i + 2] = (key[i + 2] ?? 0) & 0x7f;
  }
  key.set(Uint8Array.fromHex('3082018a0282018100'), ML_KEM_KEY_BYTES);
  key[ML_KEM_KEY_BYTES + 9] = 0x80;
  key.set(Uint8Array.fromHex('010203010001'), KEM_KEY_BYTES - 6);
  return key;
}

export const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
export const randomId = <Id>(): Id => toBase64Url(random(16)) as Id;
export const newGroupId = (): RoomId => roomFrom('group', random(16));
export const sha256 = (bytes: Uint8Array): Bytes => new Uint8Array(hash('sha256', bytes, 'buffer'));
export const sha256Text = (bytes: Uint8Array): string => toBase64Url(sha256(bytes));

import { hash, randomBytes } from 'node:crypto';
import { type Bytes, joinSigned, type SigningContext, signingInput, toBase64Url } from '@sotto/protocol';

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

export const random = (length: number): Bytes => new Uint8Array(randomBytes(length));
export const randomId = <Id>(): Id => toBase64Url(random(16)) as Id;
export const sha256 = (bytes: Uint8Array): Bytes => new Uint8Array(hash('sha256', bytes, 'buffer'));
export const sha256Text = (bytes: Uint8Array): string => toBase64Url(sha256(bytes));

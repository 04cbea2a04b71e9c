import {
  type Bytes,
  isSignature,
  isSigningKey,
  type SigningContext,
  signingInput,
  splitSigned,
} from '@sotto/protocol';
import { Refused } from './refusal.ts';

async function importKey(publicKey: Bytes): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'DataError') return undefined; // no point of the curve
    throw error; // the platform's own trouble is nobody's bad signature
  }
}

/** Ed25519 over the context's prefix and the payload. What is no key or no signature by the protocol's rule verifies nothing. */
export async function verifySignature(
  context: SigningContext,
  payload: Uint8Array,
  signature: Bytes,
  publicKey: Bytes,
): Promise<boolean> {
  if (!isSigningKey(publicKey) || !isSignature(signature)) return false; // attack 47: the rule of the clients
  const key = await importKey(publicKey);
  if (!key) return false;
  return crypto.subtle.verify('Ed25519', key, signature, signingInput(context, payload));
}

/** The payload of `payload ‖ signature`. @throws Refused 'bad_signature' */
export async function openSigned(
  context: SigningContext,
  signed: Uint8Array,
  publicKey: Bytes,
  what: string,
): Promise<Bytes> {
  const { payload, signature } = splitSigned(signed);
  if (await verifySignature(context, payload, signature, publicKey)) return payload;
  throw new Refused('bad_signature', `The signature of the ${what} does not match. Nothing was changed.`);
}

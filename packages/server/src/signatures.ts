import { type Bytes, type SigningContext, signingInput, splitSigned, toBase64Url } from '@sotto/protocol';
import { Refused } from './refusal.ts';

const KEPT = 4_096;
const imported = new Map<string, Promise<CryptoKey>>();

/** Imported keys are kept: the same few hundred devices sign all day. */
function importKey(publicKey: Bytes): Promise<CryptoKey> {
  const name = toBase64Url(publicKey);
  const known = imported.get(name);
  if (known) return known;
  const key = crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  const oldest = imported.keys().next();
  if (imported.size >= KEPT && !oldest.done) imported.delete(oldest.value);
  imported.set(name, key);
  return key;
}

/** Ed25519 over the context's prefix and the payload. A key that is no point verifies nothing. */
export async function verifySignature(
  context: SigningContext,
  payload: Uint8Array,
  signature: Bytes,
  publicKey: Bytes,
): Promise<boolean> {
  let key: CryptoKey;
  try {
    key = await importKey(publicKey);
  } catch {
    // Not a point of the curve: the platform's only reason to refuse 32 bytes.
    return false;
  }
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

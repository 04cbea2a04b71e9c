import {
  type Bytes,
  concat,
  isSignature,
  isSigningKey,
  SIGNATURE_BYTES,
  type SigningContext,
  signingInput,
  toBase64Url,
} from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';

/** An Ed25519 key pair (RFC 8032); the private half is a CryptoKey, non-extractable where asked. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Bytes;
  readonly privateKey: CryptoKey;
}

const PKCS8_PREFIX = Uint8Array.fromHex('302e020100300506032b657004220420');

export async function generateSigningKey(options: { extractable: boolean }): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', options.extractable, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return { publicKey, privateKey: pair.privateKey };
}

/** From the 32-byte seed of RFC 8032. */
export async function importSigningKeySeed(
  seed: Bytes,
  options: { extractable: boolean },
): Promise<SigningKey> {
  if (seed.length !== 32) throw new UsageError(`Ed25519 seed: expected 32 bytes, got ${seed.length}`);
  const pkcs8 = concat(PKCS8_PREFIX, seed);
  const readable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', readable);
  if (!x) throw new UsageError('Ed25519 seed: the platform gave no public key');
  const publicKey = Uint8Array.fromBase64(x, { alphabet: 'base64url' });
  const privateKey = options.extractable
    ? readable
    : await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return { publicKey, privateKey };
}

/** The seed of an extractable key. @throws UsageError where it is not */
export async function exportSigningKeySeed(key: SigningKey): Promise<Bytes> {
  if (!key.privateKey.extractable) throw new UsageError('this signing key cannot be exported');
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', key.privateKey));
  return pkcs8.slice(pkcs8.length - 32);
}

const verifiers = new Map<string, Promise<CryptoKey | undefined>>();
const VERIFIERS_KEPT = 512;

/** Imported public keys are kept: a conversation verifies the same few again and again. */
function verifierOf(publicKey: Bytes): Promise<CryptoKey | undefined> {
  const name = toBase64Url(publicKey);
  const known = verifiers.get(name);
  if (known) return known;
  if (!isSigningKey(publicKey))
    throw new VerificationError('K1', 'bad_key', 'not an Ed25519 key that may be used'); // attack 19
  // Where a platform refuses what is no point of the curve, as where it does not: nothing verifies under it.
  const imported = crypto.subtle
    .importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    .catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'DataError') return undefined;
      throw error; // the platform's own trouble is nobody's bad signature
    });
  if (verifiers.size >= VERIFIERS_KEPT) verifiers.clear();
  verifiers.set(name, imported);
  return imported;
}

/** Ed25519 signature, 64 bytes, over bytes as they are. */
export async function signBytes(key: SigningKey | CryptoKey, bytes: Bytes): Promise<Bytes> {
  const privateKey = 'privateKey' in key ? key.privateKey : key;
  return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes));
}

/** @throws VerificationError 'bad_key' for a key that may not be used at all */
export async function verifyBytes(publicKey: Bytes, signature: Bytes, bytes: Bytes): Promise<boolean> {
  const key = await verifierOf(publicKey);
  if (!key || !isSignature(signature)) return false;
  return crypto.subtle.verify('Ed25519', key, signature, bytes);
}

const EMPTY = new Uint8Array(0);
const SIGNATURE = new Uint8Array(SIGNATURE_BYTES);

/** Signs a payload in its context and joins both: `payload ‖ signature`. */
export async function sign(
  context: SigningContext,
  payload: Bytes,
  key: SigningKey | CryptoKey,
): Promise<Bytes> {
  const bytes = concat(signingInput(context, EMPTY), payload, SIGNATURE);
  const end = bytes.length - SIGNATURE_BYTES;
  // What is signed and what is carried overlap: the payload is copied once.
  bytes.set(await signBytes(key, bytes.subarray(0, end)), end);
  return bytes.subarray(end - payload.length);
}

/** The payload of a signed object, verified. @throws VerificationError 'bad_signature' */
export async function openSigned(
  context: SigningContext,
  signed: Bytes,
  publicKey: Bytes,
  rule = 'M3',
): Promise<Bytes> {
  if (signed.length <= SIGNATURE_BYTES)
    throw new VerificationError(rule, 'malformed', 'the object is shorter than a signature');
  const end = signed.length - SIGNATURE_BYTES;
  const input = signingInput(context, signed.subarray(0, end));
  if (!(await verifyBytes(publicKey, signed.subarray(end), input))) {
    throw new VerificationError(rule, 'bad_signature', 'the signature does not match');
  }
  // The very bytes that verified: nobody else holds them.
  return input.subarray(input.length - end);
}

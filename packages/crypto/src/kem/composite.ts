import { type Bytes, concat, flawOfKemKey, ML_KEM_KEY_BYTES } from '@sotto/protocol';
import { UsageError, VerificationError } from '../failure.ts';
import { combineSecrets } from './combiner.ts';
import { pkcs8ToRsa, rsaPublicOf, rsaToPkcs8, rsaToSpki, spkiToRsa } from './der.ts';
import { type MlKem, platformMlKem } from './ml-kem.ts';

/**
 * Composite ML-KEM `id-MLKEM768-RSA3072-SHA3-256` (draft-ietf-lamps-pq-composite-kem): ML-KEM-768 and
 * RSA-3072-OAEP-SHA-256; the shared secret holds while either of the two does.
 */
export interface KemPrivateKey {
  /** Opaque where the platform has ML-KEM, else the 64-byte seed. */
  readonly mlkem: CryptoKey | Bytes;
  readonly rsa: CryptoKey;
}

export interface KemKeyPair {
  /** ML-KEM-768 key (1184 bytes) ‖ DER RSAPublicKey. */
  readonly publicKey: Bytes;
  readonly privateKey: KemPrivateKey;
}

const MLKEM_CIPHERTEXT = 1_088;
const RSA_CIPHERTEXT = 384;
const SEED = 64;
const RSA = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

/** 1088 bytes of ML-KEM and 384 of RSA. */
export const KEM_CIPHERTEXT_BYTES = MLKEM_CIPHERTEXT + RSA_CIPHERTEXT;

/** Attack 19, attack 13: both halves are there and sound. @throws VerificationError 'bad_key' */
export function checkPublicKey(publicKey: Bytes): void {
  const flaw = flawOfKemKey(publicKey);
  if (flaw) throw new VerificationError('K2', 'bad_key', flaw);
}

/** @param onStep told before each half is made, for progress; RSA takes a moment */
export async function generateKeyPair(
  options: { extractable: boolean; onStep?: (step: 'exchange-rsa' | 'exchange-mlkem') => void },
  mlkem?: MlKem,
): Promise<KemKeyPair> {
  const implementation = mlkem ?? (await platformMlKem());
  options.onStep?.('exchange-rsa');
  const rsa = await crypto.subtle.generateKey(
    { ...RSA, modulusLength: 3_072, publicExponent: new Uint8Array([1, 0, 1]) },
    options.extractable,
    ['encrypt', 'decrypt'],
  );
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', rsa.publicKey));
  options.onStep?.('exchange-mlkem');
  const half = await implementation.generate(options.extractable);
  return {
    publicKey: concat(half.publicKey, spkiToRsa(spki)),
    privateKey: { mlkem: half.privateKey, rsa: rsa.privateKey },
  };
}

/** A public key taken apart: both halves checked, the RSA one imported. */
interface Halves {
  readonly mlkem: Bytes;
  readonly rsa: Bytes;
  readonly rsaKey: CryptoKey;
}

/** Kept as long as the key's bytes are: in a re-keying of all rooms each device's key is used in every one. */
const halves = new WeakMap<Bytes, Promise<Halves>>();

function halvesOf(publicKey: Bytes): Promise<Halves> {
  const known = halves.get(publicKey);
  if (known) return known;
  const taken = takeApart(publicKey);
  halves.set(publicKey, taken);
  return taken;
}

async function takeApart(publicKey: Bytes): Promise<Halves> {
  checkPublicKey(publicKey);
  const rsa = publicKey.slice(ML_KEM_KEY_BYTES);
  const rsaKey = await crypto.subtle.importKey('spki', rsaToSpki(rsa), RSA, false, ['encrypt']);
  return { mlkem: publicKey.slice(0, ML_KEM_KEY_BYTES), rsa, rsaKey };
}

/**
 * A fresh shared secret (32 bytes) for the holder of the key. @param publicKey not changed after its first use
 * @throws VerificationError 'bad_key'
 */
export async function encapsulate(
  publicKey: Bytes,
  mlkem?: MlKem,
): Promise<{ ciphertext: Bytes; sharedSecret: Bytes }> {
  const recipient = await halvesOf(publicKey);
  const implementation = mlkem ?? (await platformMlKem());
  const rsaSecret = crypto.getRandomValues(new Uint8Array(32));
  const [rsaSealed, half] = await Promise.all([
    crypto.subtle.encrypt(RSA, recipient.rsaKey, rsaSecret),
    implementation.encapsulate(recipient.mlkem),
  ]);
  const rsaCiphertext = new Uint8Array(rsaSealed);
  return {
    ciphertext: concat(half.ciphertext, rsaCiphertext),
    sharedSecret: combineSecrets(half.sharedKey, rsaSecret, rsaCiphertext, recipient.rsa),
  };
}

/** @throws VerificationError 'cannot_decrypt', the same for every cause (attack 20) */
export async function decapsulate(
  privateKey: KemPrivateKey,
  publicKey: Bytes,
  ciphertext: Bytes,
  mlkem?: MlKem,
): Promise<Bytes> {
  const implementation = mlkem ?? (await platformMlKem());
  const failure = () => new VerificationError('R2', 'cannot_decrypt', 'the key exchange does not open');
  if (ciphertext.length !== KEM_CIPHERTEXT_BYTES) throw failure();
  const rsaCiphertext = ciphertext.slice(MLKEM_CIPHERTEXT);
  const mlkemSecret = await implementation.decapsulate(
    privateKey.mlkem,
    ciphertext.slice(0, MLKEM_CIPHERTEXT),
  );
  let rsaSecret: Bytes;
  try {
    rsaSecret = new Uint8Array(await crypto.subtle.decrypt(RSA, privateKey.rsa, rsaCiphertext));
  } catch {
    throw failure(); // OAEP's failure says nothing more, and must not
  }
  if (rsaSecret.length !== 32) throw failure(); // the combiner's parts have fixed lengths
  return combineSecrets(mlkemSecret, rsaSecret, rsaCiphertext, publicKey.slice(ML_KEM_KEY_BYTES));
}

/** From the draft's raw form: 64-byte ML-KEM seed ‖ DER RSAPrivateKey. */
export async function importPrivateKey(raw: Bytes, options: { extractable: boolean }): Promise<KemKeyPair> {
  if (raw.length <= SEED) throw new UsageError('composite private key: too short');
  const implementation = await platformMlKem();
  const der = raw.slice(SEED);
  const half = await implementation.fromSeed(raw.slice(0, SEED), options.extractable);
  const rsa = await crypto.subtle.importKey('pkcs8', rsaToPkcs8(der), RSA, options.extractable, ['decrypt']);
  return { publicKey: concat(half.publicKey, rsaPublicOf(der)), privateKey: { mlkem: half.privateKey, rsa } };
}

/** The draft's raw form of an extractable pair. @throws UsageError where it is not */
export async function exportPrivateKey(pair: KemKeyPair): Promise<Bytes> {
  if (!pair.privateKey.rsa.extractable) throw new UsageError('this exchange key cannot be exported');
  const implementation = await platformMlKem();
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey.rsa));
  return concat(await implementation.toSeed(pair.privateKey.mlkem), pkcs8ToRsa(pkcs8));
}

import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { Bytes } from '@sotto/protocol';

/** ML-KEM-768 (FIPS 203), from Web Crypto where the platform has it, else from @noble/post-quantum. */
export interface MlKem {
  generate(extractable: boolean): Promise<{ publicKey: Bytes; privateKey: CryptoKey | Bytes }>;
  /** From the 64-byte seed d ‖ z. */
  fromSeed(seed: Bytes, extractable: boolean): Promise<{ publicKey: Bytes; privateKey: CryptoKey | Bytes }>;
  /** The 64-byte seed. */
  toSeed(privateKey: CryptoKey | Bytes): Promise<Bytes>;
  encapsulate(publicKey: Bytes): Promise<{ ciphertext: Bytes; sharedKey: Bytes }>;
  decapsulate(privateKey: CryptoKey | Bytes, ciphertext: Bytes): Promise<Bytes>;
}

/** Web Crypto's newer operations, as far as they are used here; not in every type library yet. */
interface KemSubtle {
  generateKey(name: string, extractable: boolean, usages: string[]): Promise<CryptoKeyPair>;
  importKey(
    format: string,
    data: Bytes,
    name: string,
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey>;
  exportKey(format: string, key: CryptoKey): Promise<ArrayBuffer>;
  getPublicKey(key: CryptoKey, usages: string[]): Promise<CryptoKey>;
  encapsulateBits(name: string, key: CryptoKey): Promise<{ sharedKey: ArrayBuffer; ciphertext: ArrayBuffer }>;
  decapsulateBits(name: string, key: CryptoKey, ciphertext: Bytes): Promise<ArrayBuffer>;
}

const NAME = 'ML-KEM-768';
const PRIVATE_USES = ['decapsulateBits'];
const PUBLIC_USES = ['encapsulateBits'];
/** Imported public keys, as long as their bytes are kept. */
const recipients = new WeakMap<Bytes, Promise<CryptoKey>>();
const subtle = () => crypto.subtle as unknown as KemSubtle;

export const nativeMlKem: MlKem = {
  async generate(extractable) {
    const pair = await subtle().generateKey(NAME, extractable, [...PUBLIC_USES, ...PRIVATE_USES]);
    const publicKey = new Uint8Array(await subtle().exportKey('raw-public', pair.publicKey));
    return { publicKey, privateKey: pair.privateKey };
  },
  async fromSeed(seed, extractable) {
    const privateKey = await subtle().importKey('raw-seed', seed, NAME, extractable, PRIVATE_USES);
    return { publicKey: new Uint8Array(ml_kem768.keygen(seed).publicKey), privateKey };
  },
  async toSeed(privateKey) {
    if (privateKey instanceof Uint8Array) return privateKey;
    return new Uint8Array(await subtle().exportKey('raw-seed', privateKey));
  },
  async encapsulate(publicKey) {
    let imported = recipients.get(publicKey);
    if (!imported) {
      imported = subtle().importKey('raw-public', publicKey, NAME, false, PUBLIC_USES);
      recipients.set(publicKey, imported);
    }
    const key = await imported;
    const { sharedKey, ciphertext } = await subtle().encapsulateBits(NAME, key);
    return { sharedKey: new Uint8Array(sharedKey), ciphertext: new Uint8Array(ciphertext) };
  },
  async decapsulate(privateKey, ciphertext) {
    if (privateKey instanceof Uint8Array) return nobleMlKem.decapsulate(privateKey, ciphertext);
    return new Uint8Array(await subtle().decapsulateBits(NAME, privateKey, ciphertext));
  },
};

/** Private keys here are the 64-byte seed: a platform without ML-KEM has no opaque form for them. */
export const nobleMlKem: MlKem = {
  async generate() {
    const seed = crypto.getRandomValues(new Uint8Array(64));
    return { publicKey: new Uint8Array(ml_kem768.keygen(seed).publicKey), privateKey: seed };
  },
  async fromSeed(seed) {
    return { publicKey: new Uint8Array(ml_kem768.keygen(seed).publicKey), privateKey: seed };
  },
  toSeed: (privateKey) => nativeMlKem.toSeed(privateKey),
  async encapsulate(publicKey) {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey);
    return { sharedKey: new Uint8Array(sharedSecret), ciphertext: new Uint8Array(cipherText) };
  },
  async decapsulate(privateKey, ciphertext) {
    if (!(privateKey instanceof Uint8Array)) return nativeMlKem.decapsulate(privateKey, ciphertext);
    return new Uint8Array(ml_kem768.decapsulate(ciphertext, ml_kem768.keygen(privateKey).secretKey));
  },
};

let chosen: Promise<MlKem> | undefined;

/** The platform's implementation where it works end to end, asked once by trying it. */
export function platformMlKem(): Promise<MlKem> {
  chosen ??= probe();
  return chosen;
}

async function probe(): Promise<MlKem> {
  try {
    const { publicKey, privateKey } = await nativeMlKem.generate(false);
    const { ciphertext } = await nativeMlKem.encapsulate(publicKey);
    await nativeMlKem.decapsulate(privateKey, ciphertext);
    return nativeMlKem;
  } catch {
    // Any failure means the same: this platform has no ML-KEM, and the library serves.
    return nobleMlKem;
  }
}

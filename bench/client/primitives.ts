import { generateSigningKey, randomBytes, signBytes, verifyBytes } from '@sotto/crypto';

/** The primitives of one message, each on its own. @param size bytes that are encrypted, and that are signed */
export async function messagePrimitives(size: { plain: number; signed: number }) {
  const signing = await generateSigningKey({ extractable: false });
  const secret = await crypto.subtle.importKey('raw', randomBytes(32), 'HKDF', false, ['deriveBits']);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: randomBytes(65) };
  const aes = { name: 'AES-GCM', iv: randomBytes(12), additionalData: randomBytes(160) };
  const raw = randomBytes(32);
  const both = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const plain = randomBytes(size.plain);
  const sealed = await crypto.subtle.encrypt(aes, both, plain);
  const signed = randomBytes(size.signed);
  const signature = await signBytes(signing, signed);
  const importKey = (use: 'encrypt' | 'decrypt') =>
    crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [use]);
  return {
    chain: () => crypto.subtle.digest('SHA-256', signed),
    derive: () => crypto.subtle.deriveBits(hkdf, secret, 352),
    open: async () => crypto.subtle.decrypt(aes, await importKey('decrypt'), sealed),
    seal: async () => crypto.subtle.encrypt(aes, await importKey('encrypt'), plain),
    verify: () => verifyBytes(signing.publicKey, signature, signed),
    sign: () => signBytes(signing, signed),
  };
}

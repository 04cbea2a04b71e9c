import type { TestProject } from 'vitest/node';

/** An RSA key pair in the formats of WebCrypto, in base64. */
export interface WrittenPair {
  readonly pkcs8: string;
  readonly spki: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly rsaPairs: readonly WrittenPair[];
  }
}

/** More than one test has people in it, so that each of them has a pair of their own. */
const PAIRS = 12;

/** Once before all tests: real RSA keys, which take longer to find than all else that a device does when it is made. */
export default async function makeKeys(project: TestProject): Promise<void> {
  project.provide('rsaPairs', await Promise.all(Array.from({ length: PAIRS }, makePair)));
}

async function makePair(): Promise<WrittenPair> {
  const { subtle } = crypto;
  const sizes = { modulusLength: 3_072, publicExponent: new Uint8Array([1, 0, 1]) };
  const kind = { name: 'RSA-OAEP', hash: 'SHA-256', ...sizes };
  const { privateKey, publicKey } = await subtle.generateKey(kind, true, ['encrypt', 'decrypt']);
  const write = async (format: 'pkcs8' | 'spki', key: CryptoKey) =>
    Buffer.from(await subtle.exportKey(format, key)).toString('base64');
  return { pkcs8: await write('pkcs8', privateKey), spki: await write('spki', publicKey) };
}

/**
 * Loaded before each file of tests: where a device asks the platform for an RSA key, it gets one that was made before
 * all tests. They go round. Everything else about the device is as ever, its half of ML-KEM too; processes of their own
 * (servers, terminals, browsers) make their own.
 */
import { inject } from 'vitest';
import type { WrittenPair } from './make-keys.ts';

const { subtle } = crypto;
const own = subtle.generateKey.bind(subtle);
const pairs = inject('rsaPairs');
let next = 0;

async function read({ pkcs8, spki }: WrittenPair, kind: RsaHashedKeyGenParams, extractable: boolean) {
  const [secret, open] = [Buffer.from(pkcs8, 'base64'), Buffer.from(spki, 'base64')];
  return {
    privateKey: await subtle.importKey('pkcs8', secret, kind, extractable, ['decrypt']),
    publicKey: await subtle.importKey('spki', open, kind, true, ['encrypt']),
  };
}

subtle.generateKey = ((kind: RsaHashedKeyGenParams, extractable: boolean, uses: KeyUsage[]) => {
  const pair = pairs[next % pairs.length];
  if (kind.name !== 'RSA-OAEP' || kind.modulusLength !== 3_072 || !pair) return own(kind, extractable, uses);
  next += 1;
  return read(pair, kind, extractable);
}) as SubtleCrypto['generateKey'];

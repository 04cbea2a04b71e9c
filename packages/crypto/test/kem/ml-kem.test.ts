import { afterEach, describe, expect, it, vi } from 'vitest';
import { decapsulate, encapsulate, generateKeyPair, importPrivateKey } from '../../src/index.ts';
import { nativeMlKem, nobleMlKem } from '../../src/kem/ml-kem.ts';
import { pooledKeyPair } from '../support/keys.ts';

const SEED = new Uint8Array(64).map((_, index) => index);

afterEach(() => vi.restoreAllMocks());

describe('ML-KEM-768, from the platform and from the library', () => {
  it('one seed is one key pair in both', async () => {
    const [native, noble] = [await nativeMlKem.fromSeed(SEED, true), await nobleMlKem.fromSeed(SEED, true)];
    expect(noble.publicKey).toEqual(native.publicKey);
    expect(await nativeMlKem.toSeed(native.privateKey)).toEqual(SEED);
    expect(await nobleMlKem.toSeed(native.privateKey)).toEqual(SEED);
    expect(await nativeMlKem.toSeed(noble.privateKey)).toEqual(SEED);
  });

  it('a key kept by one opens with the other: a browser learns ML-KEM, or a profile moves', async () => {
    const seeded = await nobleMlKem.fromSeed(SEED, false);
    const opaque = await nativeMlKem.fromSeed(SEED, false);
    const { ciphertext, sharedKey } = await nobleMlKem.encapsulate(seeded.publicKey);
    expect(await nativeMlKem.decapsulate(seeded.privateKey, ciphertext)).toEqual(sharedKey);
    expect(await nobleMlKem.decapsulate(opaque.privateKey, ciphertext)).toEqual(sharedKey);
  });

  it('[attack 32] a private key is as extractable as was asked, also where it is imported', async () => {
    for (const extractable of [true, false]) {
      const { privateKey } = await nativeMlKem.fromSeed(SEED, extractable);
      expect((privateKey as CryptoKey).extractable).toBe(extractable);
    }
    const pair = await generateKeyPair({ extractable: true }, nobleMlKem);
    expect(pair.privateKey.mlkem).toHaveLength(64);
    await expect(importPrivateKey(new Uint8Array(65), { extractable: true })).rejects.toThrow();
  });
});

it('a recipient’s key is imported once, however many rooms are wrapped for it', async () => {
  const pair = await pooledKeyPair(0);
  const publicKey = pair.publicKey.slice();
  const imports = vi.spyOn(crypto.subtle, 'importKey');
  await encapsulate(publicKey, nativeMlKem);
  const first = imports.mock.calls.filter(([format]) => format !== 'raw').length;
  const { ciphertext, sharedSecret } = await encapsulate(publicKey, nativeMlKem);
  expect(imports.mock.calls.filter(([format]) => format !== 'raw')).toHaveLength(first);
  expect(first).toBe(2);
  vi.restoreAllMocks();
  expect(await decapsulate(pair.privateKey, publicKey, ciphertext)).toEqual(sharedSecret);
});

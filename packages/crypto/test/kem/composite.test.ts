import { concat } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  checkPublicKey,
  decapsulate,
  encapsulate,
  exportPrivateKey,
  generateKeyPair,
  importPrivateKey,
  KEM_CIPHERTEXT_BYTES,
  UsageError,
} from '../../src/index.ts';
import { rsaToPkcs8 } from '../../src/kem/der.ts';
import { nativeMlKem, nobleMlKem, platformMlKem } from '../../src/kem/ml-kem.ts';
import { pooledKeyPair } from '../support/keys.ts';
import { at } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { base64, withVectors } from '../support/vectors.ts';

interface CompositeVectors {
  readonly tests: readonly { ek: string; dk: string; dk_pkcs8: string; c: string; k: string }[];
}

const implementations = [
  { name: 'Web Crypto', mlkem: nativeMlKem },
  { name: '@noble/post-quantum', mlkem: nobleMlKem },
];

withVectors<CompositeVectors>(
  'composite-mlkem768-rsa3072.json',
  'id-MLKEM768-RSA3072-SHA3-256, official vectors',
  ({ tests }) => {
    const vector = at(tests, 0);
    const [ek, dk, c, k] = [base64(vector.ek), base64(vector.dk), base64(vector.c), base64(vector.k)];

    it.each(implementations)('decapsulates with $name', async ({ mlkem }) => {
      const { privateKey } = await importPrivateKey(dk, { extractable: false });
      const half = await mlkem.fromSeed(dk.slice(0, 64), false);
      expect(await decapsulate({ ...privateKey, mlkem: half.privateKey }, ek, c, mlkem)).toEqual(k);
    });

    it('imports and exports the raw private key byte for byte, and derives the public one', async () => {
      const pair = await importPrivateKey(dk, { extractable: true });
      expect(pair.publicKey).toEqual(ek);
      expect(await exportPrivateKey(pair)).toEqual(dk);
    });

    it.each(implementations)('encapsulates to the key with $name', async ({ mlkem }) => {
      const { privateKey } = await importPrivateKey(dk, { extractable: false });
      const { ciphertext, sharedSecret } = await encapsulate(ek, mlkem);
      expect(ciphertext.length).toBe(KEM_CIPHERTEXT_BYTES);
      expect(sharedSecret.length).toBe(32);
      expect(await decapsulate(privateKey, ek, ciphertext)).toEqual(sharedSecret);
    });
  },
);

describe('composite key exchange', () => {
  it.each(implementations)('makes, encapsulates and decapsulates with $name', async ({ mlkem }) => {
    const steps: string[] = [];
    const pair = await generateKeyPair({ extractable: true, onStep: (step) => steps.push(step) }, mlkem);
    expect(steps).toEqual(['exchange-rsa', 'exchange-mlkem']);
    const { ciphertext, sharedSecret } = await encapsulate(pair.publicKey, mlkem);
    expect(await decapsulate(pair.privateKey, pair.publicKey, ciphertext, mlkem)).toEqual(sharedSecret);
    const again = await importPrivateKey(await exportPrivateKey(pair), { extractable: false });
    expect(again.publicKey).toEqual(pair.publicKey);
    expect(await decapsulate(again.privateKey, again.publicKey, ciphertext)).toEqual(sharedSecret);
  });

  it('this platform has ML-KEM in Web Crypto, so both ways above were really different', async () => {
    expect(await platformMlKem()).toBe(nativeMlKem);
  });

  it('[attack 32] a non-extractable key gives nothing away', async () => {
    const pair = await pooledKeyPair(0);
    await expect(exportPrivateKey(pair)).rejects.toThrow(UsageError);
    await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey.rsa)).rejects.toThrow();
    await expect(crypto.subtle.exportKey('jwk', pair.privateKey.mlkem as CryptoKey)).rejects.toThrow();
  });

  it('[attack 13] a ciphertext or key without its post-quantum half is refused', async () => {
    const { publicKey, privateKey } = await pooledKeyPair(0);
    const { ciphertext } = await encapsulate(publicKey);
    await expectRefusal(decapsulate(privateKey, publicKey, ciphertext.slice(1_088)), 'R2', 'cannot_decrypt');
    await expectRefusal(encapsulate(publicKey.slice(1_184)), 'K2', 'bad_key');
    await expectRefusal(encapsulate(publicKey.slice(0, 1_184)), 'K2', 'bad_key');
  });

  it('[attack 13] each half counts: a change in either gives another secret or none', async () => {
    const { publicKey, privateKey } = await pooledKeyPair(0);
    const { ciphertext, sharedSecret } = await encapsulate(publicKey);
    const mlkemChanged = ciphertext.slice();
    mlkemChanged[5] = (mlkemChanged[5] as number) ^ 1;
    expect(await decapsulate(privateKey, publicKey, mlkemChanged)).not.toEqual(sharedSecret);
    const rsaChanged = ciphertext.slice();
    rsaChanged[1_200] = (rsaChanged[1_200] as number) ^ 1;
    await expectRefusal(decapsulate(privateKey, publicKey, rsaChanged), 'R2', 'cannot_decrypt');
    const other = await pooledKeyPair(1);
    await expectRefusal(decapsulate(other.privateKey, other.publicKey, ciphertext), 'R2', 'cannot_decrypt');
  });

  it('an RSA half that does not carry 32 bytes is refused: the combiner has fixed lengths', async () => {
    const { publicKey, privateKey } = await generateKeyPair({ extractable: true });
    const { d: _, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey.rsa);
    const rsa = await crypto.subtle.importKey(
      'jwk',
      { kty: 'RSA', n: jwk.n as string, e: jwk.e as string },
      { name: 'RSA-OAEP', hash: 'SHA-256' },
      false,
      ['encrypt'],
    );
    const short = new Uint8Array(await crypto.subtle.encrypt('RSA-OAEP', rsa, new Uint8Array(31)));
    const { ciphertext } = await encapsulate(publicKey);
    const forged = concat(ciphertext.slice(0, 1_088), short);
    await expectRefusal(decapsulate(privateKey, publicKey, forged), 'R2', 'cannot_decrypt');
  });
});

describe('[attack 19] malformed exchange keys are refused before use', () => {
  const RSA_AT = 1_184;
  const MODULUS_AT = RSA_AT + 8; // SEQUENCE head (4), INTEGER head (4)
  const change = async (edit: (key: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined) => {
    const key = (await pooledKeyPair(0)).publicKey.slice();
    return edit(key) ?? key;
  };
  const cases: [string, (key: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined][] = [
    ['an even modulus', (k) => void k.set([0], MODULUS_AT + 384)],
    ['exponent 1', (k) => void k.set([0, 0, 1], k.length - 3)],
    ['exponent 3', (k) => concat(k.slice(0, -5), new Uint8Array([2, 1, 3]))],
    ['a modulus with a leading zero bit', (k) => void k.set([0x7f], MODULUS_AT + 1)],
    ['trailing bytes', (k) => concat(k, new Uint8Array([0]))],
    ['a cut tail', (k) => k.slice(0, -1)],
    ['ML-KEM coefficients not below q', (k) => void k.fill(0xff, 0, 3)],
    ['nothing', () => new Uint8Array(0)],
    ['zeros', (k) => void k.fill(0)],
  ];
  it.each(cases)('%s', async (_, edit) => {
    const key = await change(edit);
    await expectRefusal(() => checkPublicKey(key), 'K2', 'bad_key');
    await expectRefusal(encapsulate(key), 'K2', 'bad_key');
  });

  it('a 2048-bit RSA key', async () => {
    const { publicKey } = await crypto.subtle.generateKey(
      { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ['encrypt', 'decrypt'],
    );
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
    const good = (await pooledKeyPair(0)).publicKey;
    const weak = concat(good.slice(0, 1_184), spki.slice(spki.length - 270));
    await expectRefusal(() => checkPublicKey(weak), 'K2', 'bad_key');
  });

  it('a sound key passes, so the cases above fail for their own reason', async () => {
    expect(checkPublicKey((await pooledKeyPair(0)).publicKey)).toBeUndefined();
  });

  it('a private key of another form is the caller’s error', async () => {
    await expect(importPrivateKey(new Uint8Array(64), { extractable: false })).rejects.toThrow(UsageError);
    expect(rsaToPkcs8(new Uint8Array(300)).length).toBeGreaterThan(300);
  });
});

import { type Bytes, concat } from '@sotto/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  exportSigningKeySeed,
  generateSigningKey,
  importSigningKeySeed,
  openSigned,
  sign,
  signBytes,
  UsageError,
  verifyBytes,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';
import { hex } from '../support/vectors.ts';

/** RFC 8032 §7.1, test 2. */
const SEED = hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
const PUBLIC = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
const MESSAGE = hex('72');
const SIGNATURE = hex(
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
);
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const numberOf = (bytes: Uint8Array) => BigInt(`0x${bytes.slice().reverse().toHex()}`);
const bytesOf = (number: bigint) => hex(number.toString(16).padStart(64, '0')).reverse() as Bytes;

afterEach(() => vi.restoreAllMocks());

describe('Ed25519', () => {
  it.each([true, false])('RFC 8032: key and signature of a seed (extractable: %s)', async (extractable) => {
    const key = await importSigningKeySeed(SEED, { extractable });
    expect(key.publicKey).toEqual(PUBLIC);
    expect(await signBytes(key, MESSAGE)).toEqual(SIGNATURE);
    expect(await verifyBytes(PUBLIC, SIGNATURE, MESSAGE)).toBe(true);
    expect(await verifyBytes(PUBLIC, SIGNATURE, SEED)).toBe(false);
  });

  it.each([0, 31, 33])('refuses a seed of %i bytes', async (length) => {
    const attempt = importSigningKeySeed(new Uint8Array(length), { extractable: true });
    await expect(attempt).rejects.toThrow(UsageError);
  });

  it('[attack 32] gives the seed of a key only where that was asked for', async () => {
    expect(await exportSigningKeySeed(await importSigningKeySeed(SEED, { extractable: true }))).toEqual(SEED);
    const kept = await importSigningKeySeed(SEED, { extractable: false });
    await expect(exportSigningKeySeed(kept)).rejects.toThrow(UsageError);
    await expect(crypto.subtle.exportKey('pkcs8', kept.privateKey)).rejects.toThrow();
    const made = await generateSigningKey({ extractable: false });
    await expect(exportSigningKeySeed(made)).rejects.toThrow(UsageError);
  });

  it('[attack 47] what may be no signature is none, whatever the platform says of it', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify').mockResolvedValue(true);
    const high = concat(SIGNATURE.slice(0, 32), bytesOf(numberOf(SIGNATURE.slice(32)) + ORDER));
    const smallOrder = concat(bytesOf(1n), SIGNATURE.slice(32));
    for (const signature of [SIGNATURE.slice(0, 63), concat(SIGNATURE, MESSAGE), high, smallOrder]) {
      expect(await verifyBytes(PUBLIC, signature, MESSAGE)).toBe(false);
    }
    expect(verify).not.toHaveBeenCalled();
  });

  it('a key that is no point verifies nothing where the platform refuses it; other trouble is told', async () => {
    const unknown = async () => (await generateSigningKey({ extractable: false })).publicKey;
    const refuse = (error: Error) => vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(error);
    const [first, second, third] = [await unknown(), await unknown(), await unknown()];
    refuse(new DOMException('no point', 'DataError'));
    expect(await verifyBytes(first, SIGNATURE, MESSAGE)).toBe(false);
    refuse(new DOMException('busy', 'OperationError'));
    await expect(verifyBytes(second, SIGNATURE, MESSAGE)).rejects.toThrow('busy');
    refuse(Object.assign(new Error('ours'), { name: 'DataError' }));
    await expect(verifyBytes(third, SIGNATURE, MESSAGE)).rejects.toThrow('ours');
  });

  it('a sender’s key is imported once', async () => {
    const { publicKey } = await generateSigningKey({ extractable: false });
    const imports = vi.spyOn(crypto.subtle, 'importKey');
    for (let index = 0; index < 3; index++) await verifyBytes(publicKey, SIGNATURE, MESSAGE);
    expect(imports).toHaveBeenCalledTimes(1);
  });

  it('[M3] a signed object of no payload is refused, and one of a byte is opened', async () => {
    const key = await importSigningKeySeed(SEED, { extractable: false });
    const signed = await sign('message', MESSAGE, key);
    expect(await openSigned('message', signed, PUBLIC)).toEqual(MESSAGE);
    await expectRefusal(openSigned('message', signed.slice(1), PUBLIC), 'M3', 'malformed');
  });
});

import { describe, expect, it } from 'vitest';
import { aesGcmOpen, aesGcmSeal, UsageError } from '../../src/index.ts';

const bytes = (length: number) => new Uint8Array(length).fill(9);

describe('AES-GCM refuses misuse itself', () => {
  it.each([0, 15, 17, 23, 31, 33])('a key of %i bytes', async (length) => {
    const attempt = aesGcmSeal(bytes(length), bytes(12), bytes(5), bytes(0));
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(aesGcmOpen(bytes(length), bytes(12), bytes(21), bytes(0))).rejects.toThrow(UsageError);
  });

  it.each([0, 8, 11, 13, 16])('a nonce of %i bytes', async (length) => {
    await expect(aesGcmSeal(bytes(32), bytes(length), bytes(5), bytes(0))).rejects.toThrow('12 bytes');
    await expect(aesGcmOpen(bytes(32), bytes(length), bytes(21), bytes(0))).rejects.toThrow('12 bytes');
  });

  // NIST SP 800-38D, Appendix B's test cases 2 and 14 of the original submission: zeros under zeros.
  it.each([
    [16, '0388dace60b6a392f328c2b971b2fe78', 'ab6e47d42cec13bdf53a67b21257bddf'],
    [32, 'cea7403d4d606b6e074ec5d3baf39d18', 'd0d1c8a799996bf0265b98b5d48ab919'],
  ])('and takes keys of %i bytes', async (length, ciphertext, tag) => {
    const [key, nonce, plain, none] = [
      new Uint8Array(length),
      new Uint8Array(12),
      new Uint8Array(16),
      bytes(0),
    ];
    const sealed = await aesGcmSeal(key, nonce, plain, none);
    expect(sealed.toHex()).toBe(ciphertext + tag);
    expect(await aesGcmOpen(key, nonce, sealed, none)).toEqual(plain);
  });
});

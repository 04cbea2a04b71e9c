import { concat } from '@sotto/protocol';
import { expect, it } from 'vitest';
import { aesGcmOpen, aesGcmSeal, hkdfSha256, VerificationError, verifyBytes } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';
import { hex, type Wycheproof, withVectors } from '../support/vectors.ts';

interface AeadGroup {
  readonly ivSize: number;
  readonly tagSize: number;
  readonly tests: readonly {
    tcId: number;
    comment: string;
    key: string;
    iv: string;
    aad: string;
    msg: string;
    ct: string;
    tag: string;
    result: 'valid' | 'invalid';
  }[];
}

withVectors<Wycheproof<AeadGroup>>('wycheproof-aes_gcm_test.json', 'Wycheproof AES-GCM', ({ testGroups }) => {
  const groups = testGroups.filter((g) => g.ivSize === 96 && g.tagSize === 128);
  const cases = groups
    .flatMap((g) => g.tests)
    // Browsers have no AES-192; every key of ours has 256 bits.
    .filter((t) => t.key.length !== 48);

  it(`has enough 96-bit cases to mean something (${cases.length})`, () => {
    expect(cases.length).toBeGreaterThan(50);
  });

  it.each(cases)('$tcId $comment ($result)', async (t) => {
    const [key, iv, aad, msg] = [hex(t.key), hex(t.iv), hex(t.aad), hex(t.msg)];
    const sealed = concat(hex(t.ct), hex(t.tag));
    if (t.result === 'invalid') {
      await expectRefusal(aesGcmOpen(key, iv, sealed, aad), 'M1', 'cannot_decrypt');
      return;
    }
    expect(await aesGcmSeal(key, iv, msg, aad)).toEqual(sealed);
    expect(await aesGcmOpen(key, iv, sealed, aad)).toEqual(msg);
  });

  it('refuses nonces of any other length as a caller’s error', async () => {
    const other = testGroups.filter((g) => g.ivSize !== 96).flatMap((g) => g.tests);
    expect(other.length).toBeGreaterThan(0);
    for (const t of other) {
      await expect(aesGcmSeal(hex(t.key), hex(t.iv), hex(t.msg), hex(t.aad))).rejects.toThrow('12 bytes');
    }
  });
});

interface EddsaGroup {
  readonly publicKey: { readonly pk: string };
  readonly tests: readonly {
    tcId: number;
    comment: string;
    msg: string;
    sig: string;
    result: 'valid' | 'invalid';
  }[];
}

withVectors<Wycheproof<EddsaGroup>>(
  'wycheproof-ed25519_test.json',
  'Wycheproof Ed25519',
  ({ testGroups }) => {
    const cases = testGroups.flatMap((g) => g.tests.map((t) => ({ ...t, pk: g.publicKey.pk })));
    it.each(cases)('$tcId $comment ($result)', async (t) => {
      const verdict = await verifyBytes(hex(t.pk), hex(t.sig), hex(t.msg)).catch((error: unknown) => {
        // A key that may not be used at all never verifies anything.
        if (error instanceof VerificationError) return false;
        throw error;
      });
      expect(verdict).toBe(t.result === 'valid');
    });
  },
);

/** "Taming the many EdDSAs" (Chalkias et al., 2020), table 5: where verifiers part. */
const PARTED = [
  {
    what: 'key and R have a part of small order, and the equation holds: taken',
    message: '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79',
    key: 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    signature:
      '9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009',
    taken: true,
  },
  {
    what: 'it holds only times the cofactor: refused',
    message: 'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c',
    key: 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d',
    signature:
      '160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09',
    taken: false,
  },
];

it.each(PARTED)(
  '[attack 47] Ed25519 without the cofactor: $what',
  async ({ key, signature, message, taken }) => {
    expect(await verifyBytes(hex(key), hex(signature), hex(message))).toBe(taken);
  },
);

interface HkdfGroup {
  readonly tests: readonly {
    tcId: number;
    comment: string;
    ikm: string;
    salt: string;
    info: string;
    size: number;
    okm: string;
    result: 'valid' | 'invalid';
  }[];
}

withVectors<Wycheproof<HkdfGroup>>(
  'wycheproof-hkdf_sha256_test.json',
  'Wycheproof HKDF',
  ({ testGroups }) => {
    it.each(testGroups.flatMap((g) => g.tests))('$tcId $comment ($result)', async (t) => {
      const derived = hkdfSha256(hex(t.ikm), hex(t.salt), hex(t.info), t.size);
      if (t.result === 'valid') expect(await derived).toEqual(hex(t.okm));
      else await expect(derived).rejects.toThrow();
    });
  },
);

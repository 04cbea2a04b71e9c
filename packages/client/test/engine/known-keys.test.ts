import { createExchangeKey, generateKeyPair, generateSigningKey, randomId } from '@sotto/crypto';
import { type AccountId, type DeviceId, LIMITS, toBase64Url } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { KnownKeys } from '../../src/engine/people/known-keys.ts';

test('[K2, attack 12] a key verified once is looked at again: its lifetime, its device, who signs for it', async () => {
  const account = randomId<AccountId>();
  const device = randomId<DeviceId>();
  const signing = await generateSigningKey({ extractable: false });
  const { publicKey } = await generateKeyPair({ extractable: false });
  const at = 1_790_000_000_000;
  const { signed } = await createExchangeKey({ account, device, publicKey, signing, at });
  const text = toBase64Url(signed);
  const expected = { account, device, signing: signing.publicKey, now: at };
  const keys = new KnownKeys();
  const first = await keys.verify(text, expected);
  expect(await keys.verify(text, { ...expected, now: at + 1_000 })).toBe(first);
  const late = { ...expected, now: at + LIMITS.exchangeKeyLifetime + 1 };
  await expect(keys.verify(text, late)).rejects.toMatchObject({ code: 'expired_key' });
  const elsewhere = { ...expected, device: randomId<DeviceId>() };
  await expect(keys.verify(text, elsewhere)).rejects.toMatchObject({ code: 'wrong_sender' });
  const other = await generateSigningKey({ extractable: false });
  const forged = { ...expected, signing: other.publicKey };
  await expect(keys.verify(text, forged)).rejects.toMatchObject({ code: 'bad_signature' });
});

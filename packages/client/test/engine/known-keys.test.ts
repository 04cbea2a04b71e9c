import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExchangeKey, generateKeyPair, generateSigningKey, randomId } from '@sotto/crypto';
import { type AccountId, type DeviceId, LIMITS, toBase64Url } from '@sotto/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KnownKeys } from '../../src/engine/people/known-keys.ts';
import { fileHost } from '../../src/node/file-host.ts';
import type { Storage } from '../../src/seams/index.ts';

const account = randomId<AccountId>();
const at = 1_790_000_000_000;
let folder: string;
let storage: Storage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-known-keys-'));
  storage = await fileHost(folder).open(account);
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

async function makeDevice() {
  const device = randomId<DeviceId>();
  const signing = await generateSigningKey({ extractable: false });
  const { publicKey } = await generateKeyPair({ extractable: false });
  const keyAt = (time: number, lifetime = LIMITS.exchangeKeyLifetime) =>
    createExchangeKey({ account, device, publicKey, signing, at: time, lifetime });
  return { device, signing, keyAt };
}

test('[K2, attack 12] a key verified once is looked at again: its lifetime, its device, who signs for it', async () => {
  const { device, signing, keyAt } = await makeDevice();
  const text = toBase64Url((await keyAt(at)).signed);
  const expected = { account, device, signing: signing.publicKey, now: at };
  const keys = new KnownKeys(storage);
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

test('[K2] [attack 43] once a newer key of a device was seen, in any tab and at any time, older ones count no more', async () => {
  const [laptop, phone] = [await makeDevice(), await makeDevice()];
  const [first, second, third] = [
    await laptop.keyAt(at),
    await laptop.keyAt(at + 1),
    await laptop.keyAt(at + 2),
  ];
  const other = await phone.keyAt(at);
  // Of the same moment, and another one: with another end.
  const twin = await laptop.keyAt(at + 2, LIMITS.exchangeKeyLifetime - 1);
  const [tab, another] = [new KnownKeys(storage), new KnownKeys(storage)];
  expect(await tab.takeOlder([first, other])).toEqual(new Set());
  expect(await tab.takeOlder([third, other])).toEqual(new Set());
  for (const keys of [tab, another, new KnownKeys(storage)]) {
    expect(await keys.takeOlder([second, other])).toEqual(new Set([second]));
    expect(await keys.takeOlder([first, third])).toEqual(new Set([first]));
    expect(await keys.takeOlder([twin])).toEqual(new Set([twin]));
  }
});

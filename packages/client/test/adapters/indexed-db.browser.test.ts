/// <reference types="@vitest/browser-playwright" />
import { describe, expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import { indexedDbHost } from '../../src/browser/indexed-db-host.ts';
import { describeStorage } from './storage-contract.ts';

const account = 'DDDDDDDDDDDDDDDDDDDDDD';

describe('IndexedDB under a quota', () => {
  // First in this file: once the store was used, Chromium counts with the room it knew then.
  it('[E3] says that the browser has no room left, and keeps what was there', async () => {
    const host = indexedDbHost();
    await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize: 1_000_000 });
    try {
      const storage = await host.open(account);
      const put = (name: string, row: unknown) =>
        storage.transaction(['meta'], 'write', (transaction) => transaction.put('meta', [name], row));
      await put('kept', 1);
      const large = Array.from({ length: 100 }, () => crypto.getRandomValues(new Uint8Array(60_000)));
      await expect(put('large', large)).rejects.toMatchObject({ name: 'StorageError', code: 'full' });
      const rows = await storage.transaction(['meta'], 'read', (transaction) =>
        transaction.range('meta', { prefix: [] }),
      );
      expect(rows).toEqual([1]);
      await storage.close();
    } finally {
      await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin });
      await host.erase(account);
    }
  });
});

describeStorage('IndexedDB', async () => {
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith('sotto')) indexedDB.deleteDatabase(name);
  }
  return indexedDbHost();
});

describe('IndexedDB', () => {
  it('[attack 32] a private key survives the store and stays non-extractable', async () => {
    const host = indexedDbHost();
    expect(host.keepsKeysOpaque).toBe(true);
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('expected a key pair');
    const before = await host.open(account);
    await before.transaction(['keys'], 'write', (transaction) =>
      transaction.put('keys', ['device'], { privateKey: pair.privateKey }),
    );
    await before.close();

    const after = await host.open(account);
    const row = await after.transaction(['keys'], 'read', (transaction) =>
      transaction.get<{ privateKey: CryptoKey }>('keys', ['device']),
    );
    await after.close();
    const key = row?.privateKey;
    if (!key) throw new Error('the key is gone');
    expect(key).not.toBe(pair.privateKey);
    expect(key.extractable).toBe(false);
    for (const format of ['pkcs8', 'jwk'] as const) {
      await expect(crypto.subtle.exportKey(format, key)).rejects.toMatchObject({
        name: 'InvalidAccessError',
      });
    }
    const data = new TextEncoder().encode('signed after reload');
    const signature = await crypto.subtle.sign('Ed25519', key, data);
    expect(await crypto.subtle.verify('Ed25519', pair.publicKey, signature, data)).toBe(true);
    await host.erase(account);
  });

  it('erases while another opening runs a transaction: it ends first, whole', async () => {
    const host = indexedDbHost();
    const storage = await host.open(account);
    const running = storage.transaction(['meta'], 'write', async (transaction) => {
      for (let n = 0; n < 200; n++) await transaction.put('meta', [n], n);
      return (await transaction.range('meta', { prefix: [] })).length;
    });
    const erased = host.erase(account);
    expect(await running).toBe(200);
    await erased;
    await expect(
      storage.transaction(['meta'], 'read', (transaction) => transaction.get('meta', [1])),
    ).rejects.toMatchObject({ code: 'gone' });
  });
});

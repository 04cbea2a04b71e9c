import type { AccountId, DeviceId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  lockVaultKey,
  newVaultKey,
  openVault,
  randomBytes,
  randomId,
  sealVault,
  unlockVaultKey,
  type VaultContent,
} from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';
import { anyGroup } from '../support/room.ts';

const place = async () => ({
  account: randomId<AccountId>(),
  version: 3,
  key: (await newVaultKey()).key,
});
const seen = (version: number) => ({ version, hash: randomBytes(32), at: 5 });
const content = (): VaultContent => ({
  identitySeed: randomBytes(32),
  archiveKey: randomBytes(32),
  phraseKey: randomBytes(32),
  at: 1_790_000_000_000,
  list: seen(4),
  contacts: [true, false].map((verified) => ({
    account: randomId<AccountId>(),
    identity: randomBytes(32),
    verified,
    name: 'Ann',
    since: 7,
    list: seen(2),
  })),
  devices: [{ device: randomId<DeviceId>(), name: 'Phone', kind: 'browser' }],
  blocked: [{ account: randomId<AccountId>(), name: 'Mallory' }],
  rooms: [
    { room: anyGroup(), accepted: true },
    { room: anyGroup(), accepted: false },
  ],
});

describe('[K5] the vault', () => {
  it('opens with the vault key, and only for its account and version', async () => {
    const [where, what] = [await place(), content()];
    const sealed = await sealVault(what, where);
    expect(await openVault(sealed, where, 3)).toEqual(what);
    const other = { ...where, account: randomId<AccountId>() };
    await expectRefusal(openVault(sealed, other), 'K5', 'bad_vault');
    await expectRefusal(openVault(sealed, { ...where, version: 4 }), 'K5', 'bad_vault');
  });

  it('[attack 18] a guessed key, a cut or a changed vault does not open', async () => {
    const where = await place();
    const sealed = await sealVault(content(), where);
    await expectRefusal(openVault(sealed, { ...where, key: (await newVaultKey()).key }), 'K5', 'bad_vault');
    await expectRefusal(openVault(sealed.slice(0, 20), where), 'K5', 'bad_vault');
    await expectRefusal(openVault(new Uint8Array(0), where), 'K5', 'bad_vault');
    for (const position of [0, 40, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[position] = (changed[position] as number) ^ 1;
      await expectRefusal(openVault(changed, where), 'K5', 'bad_vault');
    }
  });

  it('[attack 10] an older version than seen is refused', async () => {
    const where = await place();
    const sealed = await sealVault(content(), where);
    await expectRefusal(openVault(sealed, where, 4), 'K5', 'old_vault');
    await expect(openVault(sealed, where, 4)).rejects.toMatchObject({ since: 1_790_000_000_000 });
  });

  it('never seals twice under one key', async () => {
    const [where, what] = [await place(), content()];
    const [a, b] = [await sealVault(what, where), await sealVault(what, where)];
    expect(a.slice(0, 32)).not.toEqual(b.slice(0, 32));
    expect(a.slice(32)).not.toEqual(b.slice(32));
  });
});

describe('[K5] the locks of the vault key', () => {
  it('[attack 18] open with their own secret, account and kind only', async () => {
    const account = randomId<AccountId>();
    const { bytes } = await newVaultKey();
    const secret = randomBytes(64);
    const lock = await lockVaultKey(bytes, { account, kind: 'password', secret });
    expect(lock.length).toBe(80);
    expect(await unlockVaultKey(lock, { account, kind: 'password', secret })).toEqual(bytes);
    const wrong = [
      { account, kind: 'password', secret: randomBytes(64) },
      { account, kind: 'phrase', secret },
      { account: randomId<AccountId>(), kind: 'password', secret },
    ] as const;
    for (const place of wrong) await expectRefusal(unlockVaultKey(lock, place), 'K5', 'bad_vault');
    await expectRefusal(
      unlockVaultKey(lock.slice(0, 40), { account, kind: 'password', secret }),
      'K5',
      'bad_vault',
    );
  });
});

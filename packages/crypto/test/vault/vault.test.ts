import type { AccountId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { openVault, randomBytes, randomId, sealVault, type VaultContent } from '../../src/index.ts';
import { expectRefusal } from '../support/refusal.ts';

const place = () => ({ account: randomId<AccountId>(), version: 3, exportKey: randomBytes(64) });
const content = (): VaultContent => ({
  identitySeed: randomBytes(32),
  contacts: [
    { account: randomId<AccountId>(), identity: randomBytes(32), verified: true },
    { account: randomId<AccountId>(), identity: randomBytes(32), verified: false },
  ],
});

describe('[K5] the vault', () => {
  it('opens with the export key, and only for its account and version', async () => {
    const [where, what] = [place(), content()];
    const sealed = await sealVault(what, where);
    expect(await openVault(sealed, where, 3)).toEqual(what);
    const other = { ...where, account: randomId<AccountId>() };
    await expectRefusal(openVault(sealed, other), 'K5', 'bad_vault');
    await expectRefusal(openVault(sealed, { ...where, version: 4 }), 'K5', 'bad_vault');
  });

  it('[attack 18] a guessed key, a cut or a changed vault does not open', async () => {
    const where = place();
    const sealed = await sealVault(content(), where);
    await expectRefusal(openVault(sealed, { ...where, exportKey: randomBytes(64) }), 'K5', 'bad_vault');
    await expectRefusal(openVault(sealed.slice(0, 20), where), 'K5', 'bad_vault');
    await expectRefusal(openVault(new Uint8Array(0), where), 'K5', 'bad_vault');
    for (const position of [0, 40, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[position] = (changed[position] as number) ^ 1;
      await expectRefusal(openVault(changed, where), 'K5', 'bad_vault');
    }
  });

  it('[attack 10] an older version than seen is refused', async () => {
    const where = place();
    const sealed = await sealVault(content(), where);
    await expectRefusal(openVault(sealed, where, 4), 'K5', 'old_vault');
  });

  it('never seals twice under one key', async () => {
    const [where, what] = [place(), content()];
    const [a, b] = [await sealVault(what, where), await sealVault(what, where)];
    expect(a.slice(0, 32)).not.toEqual(b.slice(0, 32));
    expect(a.slice(32)).not.toEqual(b.slice(32));
  });
});

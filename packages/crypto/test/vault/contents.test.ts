import { type AccountId, type CborValue, concat, encodeCbor, idBytes, u64, utf8 } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { aesGcmSeal, newVaultKey, openVault, randomId, type VaultPlace } from '../../src/index.ts';
import { hkdfFrom } from '../../src/primitives/digest.ts';
import { expectRefusal } from '../support/refusal.ts';

const bytes = (length: number) => new Uint8Array(length).fill(3);

/** Seals whatever is given as a vault, as another client of the account could; built here by hand. */
async function sealed(value: CborValue, place: VaultPlace) {
  const okm = await hkdfFrom(place.key, bytes(32), utf8('sotto/v1/vault-key\0'), 44);
  const aad = concat(utf8('sotto/v1/vault\0'), idBytes(place.account), u64(place.version));
  return concat(bytes(32), await aesGcmSeal(okm.slice(0, 32), okm.slice(32), encodeCbor(value), aad));
}

async function opened(value: CborValue) {
  const place = { account: randomId<AccountId>(), version: 3, key: (await newVaultKey()).key };
  return openVault(await sealed(value, place), place);
}

const list = { version: 4, hash: bytes(32), at: 5 };
const contact = { account: bytes(16), identity: bytes(32), verified: true, name: 'Ann', since: 7, list };
const device = { device: bytes(16), name: 'Desk', kind: 'terminal', wrote: 2 };
const blocked = { account: bytes(16), name: 'Mallory' };
const room = { room: bytes(16), accepted: true };
const whole = {
  v: 1,
  identitySeed: bytes(32),
  archiveKey: bytes(32),
  phraseKey: null,
  at: 9,
  list,
  contacts: [contact],
  devices: [device],
  blocked: [blocked],
  rooms: [room],
};
type Row = Record<string, CborValue>;

describe('[K5] what a vault holds', () => {
  it('is read as it was written', async () => {
    const content = await opened(whole);
    expect(content).toMatchObject({ phraseKey: null, at: 9, list });
    expect(content.contacts).toMatchObject([{ verified: true, name: 'Ann', since: 7, list }]);
    expect(content.devices).toMatchObject([{ name: 'Desk', kind: 'terminal', wrote: 2 }]);
    expect(content.blocked).toMatchObject([{ name: 'Mallory' }]);
    expect(content.rooms).toMatchObject([{ accepted: true }]);
  });

  it('takes what it does not understand for the least it can mean', async () => {
    const content = await opened({
      ...whole,
      contacts: [{ ...contact, verified: 1, name: 7 }],
      devices: [{ device: bytes(16), name: 'x'.repeat(101), kind: 'watch' }],
      blocked: [{ ...blocked, name: null }],
      rooms: [{ ...room, accepted: 'yes' }],
    });
    expect(content.contacts).toMatchObject([{ verified: false, name: '' }]);
    expect(content.devices).toMatchObject([{ name: 'x'.repeat(100), kind: 'browser' }]);
    expect(content.devices[0]).not.toHaveProperty('wrote');
    expect(content.blocked).toMatchObject([{ name: '' }]);
    expect(content.rooms).toMatchObject([{ accepted: false }]);
  });

  const wrong: [string, CborValue][] = [
    ['a number', 1],
    ['nothing', null],
    ['of another version', { ...whole, v: 2 }],
    ['with a short identity', { ...whole, identitySeed: bytes(31) }],
    ['with an identity in words', { ...whole, identitySeed: 'x'.repeat(32) }],
    ['with a long archive key', { ...whole, archiveKey: bytes(33) }],
    ['with a short phrase key', { ...whole, phraseKey: bytes(31) }],
    ['with a time in words', { ...whole, at: '9' }],
    ...(['contacts', 'devices', 'blocked', 'rooms'] as const).map((field): [string, CborValue] => [
      `without ${field}`,
      { ...whole, [field]: {} },
    ]),
    ...Object.entries({
      list: [null, 4, { ...list, version: '4' }, { ...list, hash: bytes(31) }, { ...list, at: null }],
      contacts: [
        [{ ...contact, account: bytes(15) }],
        [{ ...contact, identity: bytes(31) }],
        [{ ...contact, since: null }],
        [{ ...contact, list: null }],
      ],
      devices: [
        [{ ...device, device: bytes(17) }],
        [{ ...device, wrote: 'once' }],
        [{ ...device, wrote: null }],
      ],
      blocked: [[{ ...blocked, account: bytes(15) }]],
      rooms: [[{ ...room, room: bytes(15) }]],
    } satisfies Record<string, CborValue[]>).flatMap(([field, values]) =>
      values.map((value, index): [string, CborValue] => [
        `with ${field} of another form, ${index + 1}`,
        { ...(whole as Row), [field]: value },
      ]),
    ),
  ];
  it.each(wrong)('does not open %s', async (_, value) => {
    await expectRefusal(opened(value), 'K5', 'bad_vault');
  });
});

import { type DeviceList, DeviceListCodec, joinSigned, splitSigned } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  accountIdOf,
  createDeviceList,
  extendDeviceList,
  generateSigningKey,
  randomId,
  restartDeviceList,
  sha256,
  sign,
  signingKeyOf,
  UsageError,
  type VerifiedList,
  verifyBytes,
  verifyDeviceLists,
} from '../../src/index.ts';
import { at, NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';

describe('[K1] the identity key', () => {
  it('signs in the context of device lists, over the exact bytes carried', async () => {
    const alice = await Person.create('alice');
    const { payload, signature } = splitSigned(alice.newest.signed);
    const context = new TextEncoder().encode('sotto/v1/device-list\0');
    const input = new Uint8Array([...context, ...payload]);
    const key = await crypto.subtle.importKey('raw', alice.identity.publicKey, 'Ed25519', false, ['verify']);
    expect(await crypto.subtle.verify('Ed25519', key, signature, input)).toBe(true);
    expect(DeviceListCodec.decode(payload).identity).toEqual(alice.identity.publicKey);
  });

  it('[attack 32] is not extractable where it was made so', async () => {
    const { privateKey } = await generateSigningKey({ extractable: false });
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow();
  });
});

describe('[K3] the device list', () => {
  it('verifies from version 1 and through every change', async () => {
    const alice = await Person.create('alice', 2);
    const phone = await alice.addDevice();
    await alice.removeDevice(at(alice.devices, 0));
    const verified = await verifyDeviceLists(
      null,
      alice.lists.map((l) => l.signed),
      alice.account,
    );
    expect(verified).toEqual(alice.lists);
    expect(signingKeyOf(at(verified, 2).list, phone.device)).toEqual(phone.signing.publicKey);
    expect(at(verified, 2).list.devices).toHaveLength(2);
    expect(at(verified, 1).list.previous).toEqual(await sha256(at(verified, 0).signed));
  });

  it('continues from a known version', async () => {
    const alice = await Person.create('alice');
    await alice.addDevice();
    const [first, second] = [at(alice.lists, 0), at(alice.lists, 1)];
    expect(await verifyDeviceLists(first, [second.signed], alice.account)).toEqual([second]);
  });

  it('[attack 10] an old or repeated version is refused', async () => {
    const alice = await Person.create('alice');
    await alice.addDevice();
    const [first, second] = [at(alice.lists, 0), at(alice.lists, 1)];
    await expectRefusal(verifyDeviceLists(second, [first.signed], alice.account), 'K3', 'old_list');
    await expectRefusal(verifyDeviceLists(second, [second.signed], alice.account), 'K3', 'old_list');
  });

  it('[attack 4] a second list of one version does not extend what is known', async () => {
    const alice = await Person.create('alice');
    const first = alice.newest;
    const add = async () => [
      { device: (await alice.makeDevice()).device, signing: alice.main.signing.publicKey },
    ];
    const shown = await extendDeviceList(first, alice.identity, { at: NOW, add: await add() });
    const other = await extendDeviceList(first, alice.identity, { at: NOW, add: await add() });
    const onOther = await extendDeviceList(other, alice.identity, { at: NOW });
    await expectRefusal(verifyDeviceLists(shown, [other.signed], alice.account), 'K3', 'old_list');
    await expectRefusal(verifyDeviceLists(shown, [onOther.signed], alice.account), 'K3', 'bad_list');
  });

  it('a gap in the versions is refused', async () => {
    const alice = await Person.create('alice');
    await alice.addDevice();
    await alice.addDevice();
    const [first, , third] = alice.lists;
    if (!first || !third) throw new Error('three lists were made');
    await expectRefusal(verifyDeviceLists(first, [third.signed], alice.account), 'K3', 'bad_list');
    await expectRefusal(verifyDeviceLists(null, [third.signed], alice.account), 'K3', 'bad_list');
  });

  it('[attack 1] a device added under another key is refused: only the identity adds devices', async () => {
    const alice = await Person.create('alice');
    const server = await generateSigningKey({ extractable: false });
    const ghost = { device: randomId<never>(), signing: server.publicKey, addedAt: NOW };
    const { list, hash } = alice.newest;
    const forged = { ...list, version: 2, previous: hash, devices: [...list.devices, ghost] };
    const signed = await sign('deviceList', DeviceListCodec.encode(forged), server);
    await expectRefusal(verifyDeviceLists(alice.newest, [signed], alice.account), 'K3', 'bad_signature');
  });

  it('[attack 1] another account’s list is refused', async () => {
    const alice = await Person.create('alice');
    const mallory = await Person.create('mallory');
    await expectRefusal(verifyDeviceLists(null, [mallory.newest.signed], alice.account), 'K3', 'bad_list');
  });

  it('a list that names another account extends nobody’s', async () => {
    const [alice, mallory] = [await Person.create('alice'), await Person.create('mallory')];
    const { list, hash } = alice.newest;
    const renamed = { ...list, account: mallory.account, version: 2, previous: hash };
    const signed = await sign('deviceList', DeviceListCodec.encode(renamed), alice.identity);
    await expectRefusal(verifyDeviceLists(alice.newest, [signed], alice.account), 'K3', 'bad_list');
  });

  it('a chain begins at version 1 and at nothing, and never again', async () => {
    const alice = await Person.create('alice');
    const { list, hash } = alice.newest;
    const refused = async (known: VerifiedList | null, change: Partial<DeviceList>) => {
      const signed = await sign('deviceList', DeviceListCodec.encode({ ...list, ...change }), alice.identity);
      await expectRefusal(verifyDeviceLists(known, [signed], alice.account), 'K3', 'bad_list');
    };
    await refused(null, { version: 2, previous: null });
    await refused(null, { version: 1, previous: hash });
    await refused(alice.newest, { version: 2, previous: null });
  });

  it('a device id never changes its key', async () => {
    const alice = await Person.create('alice');
    const other = await generateSigningKey({ extractable: false });
    const { list, hash } = alice.newest;
    const devices = list.devices.map((d) => ({ ...d, signing: other.publicKey }));
    const payload = DeviceListCodec.encode({ ...list, version: 2, previous: hash, devices });
    const signed = await sign('deviceList', payload, alice.identity);
    await expectRefusal(verifyDeviceLists(alice.newest, [signed], alice.account), 'K3', 'bad_list');
  });

  it('[attack 13] a list of an unknown version is refused', async () => {
    const alice = await Person.create('alice');
    const payload = DeviceListCodec.encode({ ...alice.newest.list, v: 2 as unknown as 1 });
    const signed = await sign('deviceList', payload, alice.identity);
    await expectRefusal(verifyDeviceLists(null, [signed], alice.account), 'K3', 'unknown_version');
  });

  it('a changed byte anywhere breaks it', async () => {
    const alice = await Person.create('alice');
    const { signed } = alice.newest;
    for (let position = 0; position < signed.length; position += 7) {
      const changed = signed.slice();
      changed[position] = (changed[position] as number) ^ 1;
      await expect(verifyDeviceLists(null, [changed], alice.account)).rejects.toMatchObject({
        name: 'VerificationError',
      });
    }
  });

  it('[attack 19, 47] a list whose identity or device key is a small-order point is refused', async () => {
    const alice = await Person.create('alice');
    const zero = new Uint8Array(32);
    const account = await accountIdOf(zero);
    const weak = { ...alice.newest.list, account, identity: zero };
    const signature = new Uint8Array(64);
    signature[0] = 1;
    await expectRefusal(
      verifyDeviceLists(null, [joinSigned(DeviceListCodec.encode(weak), signature)], account),
      'K3',
      'malformed',
    );
    const list = await createDeviceList({
      identity: alice.identity,
      at: NOW,
      name: 'Alice',
      devices: [{ device: randomId<never>(), signing: zero }],
    });
    await expectRefusal(verifyDeviceLists(null, [list.signed], alice.account), 'K3', 'malformed');
  });

  it('only the list’s own identity extends it', async () => {
    const alice = await Person.create('alice');
    const mallory = await Person.create('mallory');
    expect(() => extendDeviceList(alice.newest, mallory.identity, { at: NOW })).toThrow(UsageError);
  });
});

describe('[K4] the pin', () => {
  it('[attack 3] another identity under a known account is a named change, not a new list', async () => {
    const alice = await Person.create('alice');
    const impostor = await generateSigningKey({ extractable: false });
    const first = { ...alice.newest.list, identity: impostor.publicKey };
    const next = { ...first, version: 2, previous: alice.newest.hash };
    for (const list of [next, first]) {
      const signed = await sign('deviceList', DeviceListCodec.encode(list), impostor);
      await expectRefusal(verifyDeviceLists(alice.newest, [signed], alice.account), 'K4', 'identity_changed');
    }
  });

  it('[attack 46] [K1] at first sight too: version 1 is of the account that its identity makes', async () => {
    const alice = await Person.create('alice');
    const impostor = await generateSigningKey({ extractable: false });
    const list = { ...alice.newest.list, identity: impostor.publicKey };
    const signed = await sign('deviceList', DeviceListCodec.encode(list), impostor);
    for (const breaks of ['refuse', 'follow'] as const) {
      await expectRefusal(verifyDeviceLists(null, [signed], alice.account, breaks), 'K3', 'bad_list');
    }
  });

  it('[attack 3] an account that starts over follows in the chain, and only who asks for the break sees past it', async () => {
    const alice = await Person.create('alice');
    await alice.addDevice();
    const identity = await generateSigningKey({ extractable: false });
    const { publicKey: signing } = await generateSigningKey({ extractable: false });
    const device = randomId<never>();
    const first = { account: alice.account, identity, at: NOW, device, signing };
    const anew = await restartDeviceList(alice.newest.signed, first);
    expect(anew.list).toMatchObject({ version: 3, devices: [{ device }] });
    const second = await extendDeviceList(anew, identity, { at: NOW });
    const all = [...alice.lists, anew, second].map(({ signed }) => signed);
    const { account } = alice;
    await expectRefusal(verifyDeviceLists(null, all, account), 'K4', 'identity_changed');
    const followed = await verifyDeviceLists(null, all, account, 'follow');
    expect(followed.map(({ list }) => list.version)).toEqual([1, 2, 3, 4]);
    expect(followed.at(-1)?.list.identity).toEqual(identity.publicKey);
    // A version too far on the way is no break that can be followed.
    const later = { ...anew.list, version: 4 };
    const leap = await sign('deviceList', DeviceListCodec.encode(later), identity);
    const leaping = verifyDeviceLists(alice.newest, [leap], account, 'follow');
    await expectRefusal(leaping, 'K4', 'identity_changed');
    // Out of the chain it is nobody's: neither from version 1 nor behind another list.
    const version1 = { ...anew.list, version: 1, previous: null };
    const loose = await sign('deviceList', DeviceListCodec.encode(version1), identity);
    for (const known of [alice.newest, alice.lists[0] ?? null]) {
      const wrong = known === alice.newest ? loose : anew.signed;
      await expectRefusal(verifyDeviceLists(known, [wrong], account, 'follow'), 'K4', 'identity_changed');
    }
  });

  it('a new device in a properly signed list changes nothing', async () => {
    const alice = await Person.create('alice');
    const before = alice.newest;
    await alice.addDevice();
    const [after] = await verifyDeviceLists(before, [alice.newest.signed], alice.account);
    expect(after?.list.identity).toEqual(before.list.identity);
  });
});

describe('[attack 19] signing keys', () => {
  const p = Uint8Array.fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');
  const cases: [string, Uint8Array<ArrayBuffer>][] = [
    ['31 bytes', new Uint8Array(31).fill(9)],
    ['33 bytes', new Uint8Array(33).fill(9)],
    ['all zeros', new Uint8Array(32)],
    ['the neutral point', new Uint8Array([1, ...new Uint8Array(31)])],
    ['y = p, a second encoding of 0', p],
    ['y = 2^255 − 1', new Uint8Array(32).fill(0xff)],
    ['order 8', Uint8Array.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')],
  ];
  it.each(cases)('%s', async (_, key) => {
    await expectRefusal(verifyBytes(key, new Uint8Array(64), new Uint8Array(0)), 'K1', 'bad_key');
  });

  it('a key of large order is used, and a signature of another length never verifies', async () => {
    const { publicKey } = await generateSigningKey({ extractable: false });
    expect(await verifyBytes(publicKey, new Uint8Array(64), new Uint8Array(0))).toBe(false);
    expect(await verifyBytes(publicKey, new Uint8Array(63), new Uint8Array(0))).toBe(false);
  });
});

import { type Bytes, type Ciphertext, concat, fromBase64Url, idBytes, toBase64Url } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { wrapForAll } from '../../src/epoch/wrap.ts';
import {
  asEpochSecret,
  checkCommitment,
  decapsulate,
  type EpochSecret,
  generateSigningKey,
  openWrap,
  randomBytes,
  restartDeviceList,
  rewrapSecret,
  UsageError,
  VerificationError,
  wrapSecret,
} from '../../src/index.ts';
import { at, NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup } from '../support/room.ts';

const text = (label: string) => new TextEncoder().encode(label);

async function hkdf(ikm: Bytes, info: Bytes, length: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  const salt = new Uint8Array(0);
  const bits = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8);
  return new Uint8Array(bits);
}

async function epoch() {
  const { room, people } = await setup('alice', 'bob');
  const made = await room.takeEpoch(people[0]);
  const wrapFor = (person: Person) => {
    const wrap = made.wraps.find((w) => w.device === person.main.device);
    if (!wrap) throw new Error(`no wrap for ${person.name}`);
    return wrap;
  };
  return { room, people, ...made, wrapFor };
}

describe('[R2] the epoch secret, wrapped once per device', () => {
  it('opens on every member device, each with its own wrap', async () => {
    const { people, header, secret, wraps, wrapFor } = await epoch();
    expect(wraps).toHaveLength(2);
    for (const person of people) {
      const { device, exchange } = person.main;
      const wrap = wrapFor(person);
      expect(wrap.key).toBe(toBase64Url(exchange.verified.hash));
      expect(await openWrap(wrap.body, header, device, exchange)).toEqual(secret);
    }
  });

  it('is what the document says: KEM, HKDF bound to header, device and key, AES-256-GCM', async () => {
    const { people, header, secret, wrapFor } = await epoch();
    const { device, exchange } = people[1].main;
    const body = fromBase64Url(wrapFor(people[1]).body);
    if (!body) throw new Error('a wrap is base64url');
    expect(body.length).toBe(1_520);
    const shared = await decapsulate(exchange.privateKey, exchange.verified.key.key, body.slice(0, 1_472));
    const keyHash = new Uint8Array(await crypto.subtle.digest('SHA-256', exchange.verified.signed));
    const okm = await hkdf(
      shared,
      concat(text('sotto/v1/wrap\0'), header.hash, idBytes(device), keyHash),
      44,
    );
    const key = await crypto.subtle.importKey('raw', okm.slice(0, 32), 'AES-GCM', false, ['decrypt']);
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: okm.slice(32), additionalData: header.hash },
      key,
      body.slice(1_472),
    );
    expect(new Uint8Array(opened)).toEqual(new Uint8Array(secret));
  });

  it('matches the commitment that the header carries, computed by hand', async () => {
    const { room, header, secret } = await epoch();
    const place = concat(idBytes(room.room), new Uint8Array([0, 0, 0, 0, 0, 0, 0, 2]));
    expect(header.header.commitment).toEqual(
      await hkdf(secret, concat(text('sotto/v1/commitment\0'), place), 32),
    );
  });

  it('[attack 26] another secret than the header commits to is refused', async () => {
    const { room, people, header } = await epoch();
    const other = asEpochSecret(randomBytes(32));
    const { device, exchange } = people[1].main;
    const wrap = await wrapSecret(other, header.hash, exchange.verified);
    await expectRefusal(openWrap(wrap.body, header, device, exchange), 'R2', 'bad_commitment');
    await expectRefusal(checkCommitment(other, header.header), 'R2', 'bad_commitment');
    // The secret of the epoch before is not this one's either.
    await expectRefusal(
      checkCommitment(room.secrets.get(1) as EpochSecret, header.header),
      'R2',
      'bad_commitment',
    );
  });

  it('[attack 5] a wrap opens under no other header, device or exchange key', async () => {
    const { room, people, header, wrapFor } = await epoch();
    const { body } = wrapFor(people[1]);
    const { device, exchange } = people[1].main;
    const later = await room.takeEpoch(people[0]);
    await expectRefusal(openWrap(body, later.header, device, exchange), 'R2', 'bad_wrap');
    const alices = people[0].main;
    await expectRefusal(openWrap(body, header, alices.device, alices.exchange), 'R2', 'bad_wrap');
    await expectRefusal(openWrap(body, header, alices.device, exchange), 'R2', 'bad_wrap');
    const verified = { ...exchange.verified, hash: randomBytes(32) };
    await expectRefusal(openWrap(body, header, device, { ...exchange, verified }), 'R2', 'bad_wrap');
  });

  it('[attack 20] [attack 27] whatever is broken in a wrap, the answer is the same', async () => {
    const { people, header, wrapFor } = await epoch();
    const { device, exchange } = people[1].main;
    const good = fromBase64Url(wrapFor(people[1]).body);
    if (!good) throw new Error('a wrap is base64url');
    const flipped = (position: number) => {
      const bytes = good.slice();
      bytes[position] = (bytes[position] as number) ^ 1;
      return bytes;
    };
    const broken = [
      flipped(0),
      flipped(1_100),
      flipped(1_480),
      flipped(1_519),
      good.slice(1),
      new Uint8Array(0),
    ];
    const messages = new Set<string>();
    for (const bytes of broken) {
      const body = toBase64Url(bytes) as Ciphertext;
      const error = await expectRefusal(openWrap(body, header, device, exchange), 'R2', 'bad_wrap');
      messages.add(`${error.message} ${String(error.cause)}`);
    }
    expect(messages.size).toBe(1);
    await expectRefusal(openWrap('*' as Ciphertext, header, device, exchange), 'R2', 'bad_wrap');
  });

  it('our own fault is told as such, and not as a broken wrap', async () => {
    const { people, header, wrapFor } = await epoch();
    const { device, exchange } = people[1].main;
    const { rsa } = exchange.privateKey;
    const own = { ...exchange, privateKey: { mlkem: rsa, rsa } }; // a key of another kind, as a store could give it
    const opening = openWrap(wrapFor(people[1]).body, header, device, own);
    await expect(opening).rejects.not.toBeInstanceOf(VerificationError);
  });

  it.each([
    [16, [16]],
    [17, [16, 17]],
  ])('one for each of %i recipients, told as they are made', async (count, done) => {
    const { people, header, secret } = await epoch();
    const { device, exchange } = people[1].main;
    const told: [number, number][] = [];
    const recipients = new Array(count).fill(exchange.verified);
    const wraps = await wrapForAll(secret, header.hash, recipients, (...now) => told.push(now));
    expect(wraps.map((wrap) => wrap.device)).toEqual(new Array(count).fill(device));
    expect(told).toEqual(done.map((made) => [made, count]));
  });

  it('a fresh secret each time', async () => {
    const { room, people, secret } = await epoch();
    expect((await room.takeEpoch(people[0])).secret).not.toEqual(secret);
    expect(() => asEpochSecret(new Uint8Array(31))).toThrow(UsageError);
  });

  it('[attack 22] there is no wrap for who was removed, and none of theirs opens the new epoch', async () => {
    const { room, people, wrapFor } = await epoch();
    const { device, exchange } = people[1].main;
    const old = wrapFor(people[1]);
    const after = await room.takeEpoch(people[0], { members: [people[0].member('admin')] });
    expect(after.wraps.map((w) => w.device)).toEqual([people[0].main.device]);
    await expectRefusal(openWrap(old.body, after.header, device, exchange), 'R2', 'bad_wrap');
    const others = at(after.wraps, 0);
    await expectRefusal(openWrap(others.body, after.header, device, exchange), 'R2', 'bad_wrap');
  });
});

describe('[R6] wrapping anew', () => {
  it('[attack 27] a device left out by a broken wrap asks, and any member lets it back in', async () => {
    const { room, people, header, secret } = await epoch();
    const { device, exchange } = people[1].main;
    const again = await rewrapSecret(secret, header, exchange.verified, room.lists);
    expect(again.device).toBe(device);
    expect(await openWrap(again.body, header, device, exchange)).toEqual(secret);
  });

  it('works for a device that the account added since', async () => {
    const { room, people, header, secret } = await epoch();
    const phone = await people[1].addDevice();
    const wrap = await rewrapSecret(secret, header, phone.exchange.verified, room.lists);
    expect(await openWrap(wrap.body, header, phone.device, phone.exchange)).toEqual(secret);
  });

  it('[attack 22] is refused to who was not a member of that epoch', async () => {
    const { room, people } = await epoch();
    const after = await room.takeEpoch(people[0], { members: [people[0].member('admin')] });
    const asks = people[1].main.exchange.verified;
    await expectRefusal(rewrapSecret(after.secret, after.header, asks, room.lists), 'R6', 'not_member');
  });

  it('[attack 23] is refused for an epoch before the asker joined', async () => {
    const { room, people, header, secret } = await epoch();
    const carol = await Person.create('carol');
    room.people.push(carol);
    await room.takeEpoch(people[0], { members: [...room.header.header.members, carol.member()] });
    const asks = carol.main.exchange.verified;
    await expectRefusal(rewrapSecret(secret, header, asks, room.lists), 'R6', 'not_member');
  });

  it('[attack 34] is refused to a device that was removed, and to a ghost', async () => {
    const { room, people, header, secret } = await epoch();
    const lost = await people[1].addDevice();
    await people[1].removeDevice(lost);
    const ghost = await people[1].makeDevice();
    for (const device of [lost, ghost]) {
      const asks = device.exchange.verified;
      await expectRefusal(rewrapSecret(secret, header, asks, room.lists), 'R6', 'unknown_device');
    }
  });

  it('[K4] is refused to a device of another identity under the account of a member', async () => {
    const { room, people, header, secret } = await epoch();
    const bob = people[1];
    // Started over, or taken over: what the header admitted was the identity of before.
    const phone = await bob.makeDevice();
    const identity = await generateSigningKey({ extractable: false });
    const { device, signing } = phone;
    const first = { account: bob.account, identity, at: NOW + 9, device, signing: signing.publicKey };
    bob.lists.push(await restartDeviceList(bob.newest.signed, first));
    const asks = phone.exchange.verified;
    await expectRefusal(rewrapSecret(secret, header, asks, room.lists), 'R6', 'unknown_device');
  });

  it('[attack 26] never passes on a secret that is not the header’s', async () => {
    const { room, people, header } = await epoch();
    const wrong = asEpochSecret(randomBytes(32));
    const asks = people[1].main.exchange.verified;
    await expectRefusal(rewrapSecret(wrong, header, asks, room.lists), 'R2', 'bad_commitment');
  });
});

import { type EpochHeader, EpochHeaderCodec, LIMITS, roomKind, splitSigned } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { encodeProfile } from '../../src/epoch/profile.ts';
import { sealPart } from '../../src/epoch/secret.ts';
import {
  createLeave,
  demandSame,
  directRoomId,
  generateSigningKey,
  groupRoomId,
  newProfile,
  openProfile,
  profileHash,
  randomBytes,
  sha256,
  sign,
  startRoom,
  UsageError,
  verifyHeader,
  verifyHeaderChain,
} from '../../src/index.ts';
import { at, NOW, Person, type TestDevice } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { anyGroup, setup, TestRoom } from '../support/room.ts';

/** Verifies bytes as the header that comes next in a room. */
function next(room: TestRoom, signed: Uint8Array<ArrayBuffer>, author: Person, device = author.main) {
  return verifyHeader(signed, {
    previous: room.state.header,
    room: room.room,
    author: author.author(device),
    lists: room.lists,
    departed: new Set(room.state.departed.map((d) => d.account)),
    time: null,
  });
}

/** An honest next header, changed by the attacker's hand and signed again. */
async function forged(
  room: TestRoom,
  author: Person,
  edit: (header: EpochHeader) => Partial<EpochHeader>,
  device: TestDevice = author.main,
) {
  const { header } = await room.epoch(room.people[0] as Person);
  const changed = { ...header.header, author: author.author(device), ...edit(header.header) };
  return sign('epochHeader', EpochHeaderCodec.encode(changed), device.signing);
}

describe('[R1] epoch headers', () => {
  it('form a chain of SHA-256 over the signed bytes', async () => {
    const { room, people } = await setup('alice', 'bob');
    const first = room.header;
    const second = (await room.takeEpoch(people[0])).header;
    expect(first.header).toMatchObject({ epoch: 1, previous: null });
    expect(second.header.epoch).toBe(2);
    expect(second.header.previous).toEqual(await sha256(first.signed));
    expect(second.events).toEqual([{ type: 'rekeyed' }]);
  });

  it('carry name and topic that only the epoch’s secret opens', async () => {
    const { room, people } = await setup('alice', 'bob');
    const profile = newProfile({ name: 'Zoë’s lab', topic: 'Thursday' });
    const { header, secret } = await room.takeEpoch(people[0], { profile, renames: true });
    expect(await openProfile(header.header, secret)).toEqual(profile);
    const other = await room.takeEpoch(people[0]);
    await expectRefusal(openProfile(header.header, other.secret), 'M1', 'cannot_decrypt');
    expect(new TextDecoder().decode(header.signed)).not.toContain('lab');
  });

  it('[R3] stand for one name by its hash, whoever seals it, until it is changed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { profile } = room.header.header;
    const again = await room.takeEpoch(people[1]);
    expect(again.header.header.profile).toEqual(profile);
    expect(await openProfile(again.header.header, again.secret)).toEqual(room.profile);
    // The same name given anew has a salt of its own: no hash tells of a name.
    const same = newProfile(room.profile);
    expect(await profileHash(same)).not.toEqual(await profileHash(room.profile));
    const renamed = await room.takeEpoch(people[0], { profile: same, renames: true });
    expect(renamed.header.header.profile).toEqual(await profileHash(same));
    await expectRefusal(
      room.epoch(people[1], { profile: newProfile(same), renames: true }),
      'R3',
      'rule_broken',
    );
  });

  it('[R1] carry no name where their author does not know the one they stand for', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { profile } = room.header.header;
    for (const known of [newProfile({ name: 'Old', topic: '' }), null]) {
      const { header, secret } = await room.takeEpoch(people[1], { profile: known });
      expect(header.header).toMatchObject({ profile, sealed: null });
      expect(await openProfile(header.header, secret)).toBeNull();
    }
  });

  it('[R1] [attack 27] another name than the one they stand for is told apart', async () => {
    const { room, people } = await setup('alice', 'bob');
    const own = await room.epoch(people[1]);
    const place = { room: room.room, epoch: 2 };
    const lie = encodeProfile(newProfile({ name: 'Hijacked', topic: '' }));
    const sealed = await sealPart(own.secret, 'profile', place, lie);
    const signed = await sign(
      'epochHeader',
      EpochHeaderCodec.encode({ ...own.header.header, sealed }),
      people[1].main.signing,
    );
    const { header } = await next(room, signed, people[1]); // the name is nothing that headers are refused for
    await expectRefusal(openProfile(header, own.secret), 'R1', 'bad_header');
  });

  it('[attack 35] a profile’s length does not show', async () => {
    const { room, people } = await setup('alice', 'bob');
    const sizes = await Promise.all(
      ['', 'a', 'A room with a rather long name'].map(
        async (name) =>
          (await room.epoch(people[0], { profile: newProfile({ name, topic: '' }), renames: true })).header
            .header.sealed?.length,
      ),
    );
    expect(new Set(sizes).size).toBe(1);
  });

  it('a whole chain verifies from epoch 1, as for a member who joins later', async () => {
    const { room, people } = await setup('alice', 'bob');
    const headers = [room.header];
    for (let i = 0; i < 3; i++) headers.push((await room.takeEpoch(people[0])).header);
    const author = people[0].author();
    const given = headers.map((h) => ({ signed: h.signed, author, time: NOW }));
    expect(await verifyHeaderChain(room.room, given, room.lists)).toEqual(headers);
    // Attack 9: with one left out, or from another start, it is not this room's history.
    await expectRefusal(
      verifyHeaderChain(room.room, [at(given, 0), at(given, 2)], room.lists),
      'R1',
      'rule_broken',
    );
    await expectRefusal(verifyHeaderChain(room.room, given.slice(1), room.lists), 'R1', 'rule_broken');
    // Attack 40: where the entry's time is told, the header keeps to it; where it is not, nothing can be said.
    const [, ...others] = given;
    const late = { ...at(given, 0), time: NOW + LIMITS.headerSkew + 1 };
    await expectRefusal(verifyHeaderChain(room.room, [late, ...others], room.lists), 'R1', 'misdated');
    const untold = given.map(({ time: _, ...rest }) => rest);
    expect(await verifyHeaderChain(room.room, untold, room.lists)).toEqual(headers);
  });

  it('[attack 10] an old header, replayed, is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const first = room.header.signed;
    const second = (await room.takeEpoch(people[0])).header.signed;
    await expectRefusal(next(room, first, people[0]), 'R1', 'rule_broken');
    await expectRefusal(next(room, second, people[0]), 'R1', 'rule_broken');
  });

  it('[attack 9] a header on top of another history is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await forged(room, people[0], () => ({ previous: randomBytes(32) }));
    await expectRefusal(next(room, signed, people[0]), 'R1', 'rule_broken');
  });

  it('a header of another room is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await forged(room, people[0], () => ({ room: anyGroup() }));
    await expectRefusal(next(room, signed, people[0]), 'R1', 'wrong_room');
  });

  it('[attack 13] a header of another suite is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await forged(room, people[0], () => ({ v: 2 as unknown as 1 }));
    await expectRefusal(next(room, signed, people[0]), 'R1', 'unknown_version');
  });

  it('[attack 15] a changed byte, or another signer, breaks the signature', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header } = await room.epoch(people[0]);
    const changed = header.signed.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    await expectRefusal(next(room, changed, people[0]), 'R1', 'bad_signature');
    const { payload } = splitSigned(header.signed);
    const byBob = await sign('epochHeader', payload, people[1].main.signing);
    await expectRefusal(next(room, byBob, people[0]), 'R1', 'bad_signature');
  });

  it('[attack 15] the author that the server claims must be the author who signed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header } = await room.epoch(people[0]);
    await expectRefusal(next(room, header.signed, people[1]), 'R1', 'wrong_sender');
    const [alice, bob] = people;
    await expectRefusal(next(room, header.signed, alice, bob.main), 'R1', 'wrong_sender');
    await expectRefusal(next(room, header.signed, bob, alice.main), 'R1', 'wrong_sender');
  });

  it('garbage is malformed, whatever its size', async () => {
    const { room, people } = await setup('alice', 'bob');
    for (const size of [0, 64, 65, 200, 60_000]) {
      await expectRefusal(next(room, randomBytes(Math.min(size, 65_000)), people[0]), 'R1', 'malformed');
    }
  });
});

describe('[R4] [attack 42] two headers of one number', () => {
  it('are a fork, and one that is shown again is none', async () => {
    const { room } = await setup('alice', 'bob');
    const { hash } = room.header;
    expect(demandSame(undefined, hash)).toBeUndefined();
    expect(demandSame(room.header, hash.slice())).toBeUndefined();
    await expectRefusal(() => demandSame(room.header, randomBytes(32)), 'R4', 'fork');
  });
});

describe('[attack 1] ghosts', () => {
  it('the server cannot add a member: its signature is nobody’s', async () => {
    const { room, people } = await setup('alice', 'bob');
    const ghost = await Person.create('ghost');
    room.people.push(ghost);
    const members = [...room.header.header.members, ghost.member()];
    const signed = await forged(room, people[0], () => ({ members }));
    const { payload } = splitSigned(signed);
    const server = await generateSigningKey({ extractable: false });
    const byServer = await sign('epochHeader', payload, server);
    await expectRefusal(next(room, byServer, people[0]), 'R1', 'bad_signature');
    const byGhost = await forged(room, ghost, () => ({ members }));
    await expectRefusal(next(room, byGhost, ghost), 'R3', 'rule_broken');
  });

  it('a ghost device is in no list that the account signed, and everyone refuses it alike', async () => {
    const { room, people } = await setup('alice', 'bob');
    const ghost = await people[0].makeDevice();
    const signed = await forged(room, people[0], () => ({}), ghost);
    const error = await expectRefusal(next(room, signed, people[0], ghost), 'K3', 'unknown_device');
    expect(error.missing).toBeUndefined();
  });

  it('a list that is not known here is fetched first, not guessed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const members = room.header.header.members.map((m, i) => (i === 1 ? { ...m, list: 7 } : m));
    const signed = await forged(room, people[0], () => ({ members }));
    const error = await expectRefusal(next(room, signed, people[0]), 'K3', 'missing_list');
    expect(error.missing).toEqual({ account: people[1].account, version: 7 });
  });

  it('nothing is wrapped to a device outside the lists that the header pins', async () => {
    const { room, people } = await setup('alice', 'bob');
    people[1].devices.push(await people[1].makeDevice());
    await expect(room.epoch(people[0])).rejects.toThrow(UsageError);
  });

  it('[attack 34] nothing is wrapped to a device that was removed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const lost = await people[1].addDevice();
    await people[1].removeDevice(lost);
    const members = people.map((p, i) => p.member(i === 0 ? 'admin' : 'member'));
    await expect(room.epoch(people[0], { members })).resolves.toBeDefined();
    people[1].devices.push(lost);
    await expect(room.epoch(people[0], { members })).rejects.toThrow(UsageError);
  });
});

describe('[K3] [attack 4] lists that headers pin', () => {
  it('another list under the same version is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const members = room.header.header.members.map((m, i) =>
      i === 1 ? { ...m, listHash: randomBytes(32) } : m,
    );
    const signed = await forged(room, people[0], () => ({ members }));
    const refusal = await expectRefusal(next(room, signed, people[0]), 'K3', 'bad_list');
    expect(refusal.differs).toEqual({ account: people[1].account, version: 1 });
  });

  it('[attack 10] an older list than the header before is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const old = people[1].member();
    await people[1].addDevice();
    await room.takeEpoch(people[0], { members: [people[0].member('admin'), people[1].member()] });
    const signed = await forged(room, people[0], () => ({ members: [people[0].member('admin'), old] }));
    await expectRefusal(next(room, signed, people[0]), 'K3', 'rule_broken');
  });

  it('[K4] [attack 3] another identity under a known account is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const identity = (await Person.create('bob')).identity.publicKey;
    const members = room.header.header.members.map((m, i) => (i === 1 ? { ...m, identity } : m));
    const signed = await forged(room, people[0], () => ({ members }));
    await expectRefusal(next(room, signed, people[0]), 'K4', 'identity_changed');
  });

  it('[attack 27] a device id that comes back with another key splits nobody', async () => {
    const { room, people } = await setup('alice', 'mallory');
    const [alice, mallory] = people;
    const old = await mallory.addDevice();
    const members = () => [alice.member('admin'), mallory.member('admin')];
    await room.takeEpoch(alice, { members: members() });
    const { header } = await room.epoch(mallory, {}, old);
    // Whoever looks later knows lists in which the same id has another key: the verdict is the same.
    expect((await next(room, header.signed, mallory, old)).hash).toEqual(header.hash);
    await mallory.removeDevice(old);
    const again = await mallory.makeDevice(old.device);
    await mallory.changeList({ add: [again] });
    expect((await next(room, header.signed, mallory, old)).hash).toEqual(header.hash);
  });
});

describe('[R1] [attack 46] groups', () => {
  it('have the one id of their founder and first profile, and keep it when they are renamed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    expect(await groupRoomId(alice.account, room.profile)).toBe(room.room);
    expect(await groupRoomId(bob.account, room.profile)).not.toBe(room.room);
    await room.takeEpoch(alice, { profile: newProfile({ name: 'Lab', topic: '' }), renames: true });
  });

  it('are refused under any other id, also by who was in one', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    for (const [founder, id] of [
      [bob, room.room],
      [alice, anyGroup()],
    ] as const) {
      const taken = new TestRoom(await startRoom(id), [alice, bob], room.profile);
      const made = taken.epoch(founder, { members: [founder.member('admin')] });
      await expectRefusal(made, 'R1', 'rule_broken');
    }
  });
});

describe('[R1] direct conversations', () => {
  it('have the one id of their two accounts, both admins', async () => {
    const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
    const id = await directRoomId(alice.account, bob.account);
    expect(await directRoomId(bob.account, alice.account)).toBe(id);
    const room = new TestRoom(await startRoom(id), [alice, bob]);
    const members = [alice.member('admin'), bob.member('admin')];
    const { header } = await room.takeEpoch(alice, { members });
    expect(roomKind(header.header.room)).toBe('direct');
    await room.takeEpoch(bob, {}); // either side renews the keys
    const alone = room.epoch(alice, { members: [alice.member('admin')] });
    await expectRefusal(alone, 'R1', 'rule_broken');
  });

  it('[attack 44] under the id of two others they are refused', async () => {
    const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
    const mallory = await Person.create('mallory');
    const room = new TestRoom(await startRoom(await directRoomId(alice.account, bob.account)), [
      alice,
      mallory,
    ]);
    const members = [mallory.member('admin'), alice.member('admin')];
    await expectRefusal(room.epoch(mallory, { members }), 'R1', 'rule_broken');
  });

  it('[R3] nobody leaves them, neither in the log nor by a header', async () => {
    const [alice, bob] = [await Person.create('alice'), await Person.create('bob')];
    const room = new TestRoom(await startRoom(await directRoomId(alice.account, bob.account)), [alice, bob]);
    await room.takeEpoch(alice, { members: [alice.member('admin'), bob.member('admin')] });
    const leave = await createLeave({
      ...bob.author(),
      at: NOW,
      header: room.header,
      signing: bob.main.signing,
    });
    await expectRefusal(room.epoch(alice, { leaves: [leave.signed] }), 'R3', 'rule_broken');
    const outcome = await room.take(room.entry('leave', bob.author(), leave.signed, leave.id));
    expect(outcome).toMatchObject({ type: 'rejected', error: { rule: 'R3', code: 'rule_broken' } });
  });
});

describe('[R4] renewal', () => {
  it('a header is made at a time that decides when it is due again', async () => {
    const { room } = await setup('alice', 'bob');
    expect(room.header.header.at).toBe(NOW);
  });
});

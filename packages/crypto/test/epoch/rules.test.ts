import { EpochHeaderCodec, LeaveCodec, LIMITS, splitSigned } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  createInvite,
  createLeave,
  inviteFragment,
  inviteKey,
  needsNewEpoch,
  openInviteProfile,
  openLink,
  parseInviteFragment,
  randomBytes,
  sign,
} from '../../src/index.ts';
import { at, NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup, type TestRoom } from '../support/room.ts';

const members = (room: TestRoom) => room.header.header.members;

/** A leave statement placed in the log. */
async function leave(room: TestRoom, person: Person) {
  const { signed, id } = await createLeave({
    ...person.author(),
    at: NOW,
    header: room.header,
    signing: person.main.signing,
  });
  return { signed, outcome: await room.take(room.entry('leave', person.author(), signed, id)) };
}

describe('[R3] who may do what', () => {
  it('an admin adds, promotes, removes and changes the policy', async () => {
    const { room, people } = await setup('alice', 'bob');
    const carol = await Person.create('carol');
    room.people.push(carol);
    const added = await room.takeEpoch(people[0], { members: [...members(room), carol.member()] });
    expect(added.header.events).toEqual([{ type: 'added', account: carol.account }]);
    const [a, b, c] = members(room);
    if (!a || !b || !c) throw new Error('three members');
    const promoted = await room.takeEpoch(people[0], { members: [a, { ...b, role: 'admin' }, c] });
    expect(promoted.header.events).toEqual([{ type: 'role', account: b.account, role: 'admin' }]);
    const removed = await room.takeEpoch(people[1], { members: [a, { ...b, role: 'admin' }] });
    expect(removed.header.events).toEqual([{ type: 'removed', account: carol.account }]);
    const policy = await room.takeEpoch(people[0], { policy: { add: 'member', history: 'all' } });
    expect(policy.header.events).toEqual([{ type: 'policy' }]);
  });

  it('[attack 30] a member without the role is refused each of these', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const [, bob] = people;
    const dave = await Person.create('dave');
    room.people.push(dave);
    const [a, b, c] = members(room);
    if (!a || !b || !c) throw new Error('three members');
    const attempts = {
      'adds somebody': { members: [a, b, c, dave.member()] },
      'removes somebody': { members: [a, b] },
      'removes the admin': { members: [b, c] },
      'promotes themselves': { members: [a, { ...b, role: 'admin' as const }, c] },
      'degrades the admin': { members: [{ ...a, role: 'member' as const }, b, c] },
      'changes the policy': { policy: { add: 'member' as const, history: 'all' as const } },
      'opens an invite': {
        invites: [
          (await createInvite({ room: room.room, profile: { name: '', topic: '' }, expires: 1 })).invite,
        ],
      },
      'shuffles the order': { members: [a, c, b] },
    };
    for (const [what, change] of Object.entries(attempts)) {
      await expectRefusal(room.epoch(bob, change), 'R3', 'rule_broken').catch((error: Error) => {
        throw new Error(`${what}: ${error.message}`);
      });
    }
  });

  it('[attack 30] who is no member makes no epoch at all', async () => {
    const { room } = await setup('alice', 'bob');
    const eve = await Person.create('eve');
    room.people.push(eve);
    await expectRefusal(room.epoch(eve), 'R3', 'rule_broken');
    await expectRefusal(room.epoch(eve, { members: [...members(room), eve.member()] }), 'R3', 'rule_broken');
  });

  it('a leave drops the leaver by any member’s hand, and hands the room on', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const { signed, outcome } = await leave(room, people[0]);
    expect(outcome).toEqual({ type: 'leave', account: people[0].account });
    expect(needsNewEpoch(room.state, NOW)).toBe('leave');
    await expectRefusal(room.epoch(people[1]), 'R3', 'rule_broken'); // still listed
    const rest = [people[1].member('admin'), people[2].member()];
    const next = await room.takeEpoch(people[1], { members: rest, leaves: [signed] });
    expect(next.header.events).toEqual([
      { type: 'left', account: people[0].account },
      { type: 'role', account: people[1].account, role: 'admin' },
    ]);
    expect(room.state.departed).toEqual([]);
  });

  it('who has left says and makes nothing more', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    await leave(room, people[2]);
    await expectRefusal(room.epoch(people[2]), 'R3', 'rule_broken');
    const { outcome } = await room.say(people[2], 'still here');
    expect(outcome).toMatchObject({ type: 'rejected', error: { rule: 'R3', code: 'not_member' } });
  });

  it('a leave statement is the leaver’s own, good once and under one header only', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = people;
    const make = (who: Person, signing = who.main.signing) =>
      createLeave({ ...who.author(), at: NOW, header: room.header, signing });
    const place = (who: Person, made: Awaited<ReturnType<typeof make>>) =>
      room.take(room.entry('leave', who.author(), made.signed, made.id));

    const byBob = await make(carol, bob.main.signing);
    expect(await place(carol, byBob)).toMatchObject({ error: { rule: 'R3', code: 'bad_signature' } });
    const carols = await make(carol);
    // Attack 15: the server shows Carol's statement as Bob's.
    expect(await place(bob, carols)).toMatchObject({ error: { rule: 'R3', code: 'wrong_sender' } });
    await room.takeEpoch(alice);
    expect(await place(carol, carols)).toMatchObject({ error: { rule: 'R3', code: 'wrong_epoch' } });
    await expectRefusal(
      room.epoch(bob, { members: members(room).slice(0, 2), leaves: [carols.signed] }),
      'R3',
      'wrong_epoch',
    );
    const fresh = await make(carol);
    expect(await place(carol, fresh)).toMatchObject({ type: 'leave' });
    expect(await place(carol, await make(carol))).toMatchObject({ error: { rule: 'R3', code: 'replayed' } });
    const leaveHeader = LeaveCodec.decode(splitSigned(fresh.signed).payload).header;
    expect(leaveHeader).toEqual(room.header.hash);
  });

  it('[attack 27] the key of a leave is found alike by all, however far their lists reach', async () => {
    const { room, people } = await setup('alice', 'mallory');
    const [, mallory] = people;
    const device = await mallory.addDevice(); // version 2, after the header that pins version 1
    const { signed, id } = await createLeave({
      ...mallory.author(device),
      at: NOW,
      header: room.header,
      signing: device.signing,
    });
    const entry = room.entry('leave', mallory.author(device), signed, id);
    const before = { ...room.state };
    await mallory.removeDevice(device);
    await mallory.changeList({ add: [await mallory.makeDevice(device.device)] }); // the id with another key
    expect(await room.take(entry)).toEqual({ type: 'leave', account: mallory.account });
    expect(room.state.position).toBe(before.position + 1);
  });
});

describe('[R4] when a new epoch is due', () => {
  it('by a leave, by use, by age, else not', async () => {
    const { room } = await setup('alice', 'bob');
    const { state } = room;
    expect(needsNewEpoch(state, NOW)).toBeNull();
    expect(needsNewEpoch(state, NOW + LIMITS.epochAge)).toBeNull();
    expect(needsNewEpoch(state, NOW + LIMITS.epochAge + 1)).toBe('age');
    expect(needsNewEpoch({ ...state, messagesInEpoch: 999 }, NOW)).toBeNull();
    expect(needsNewEpoch({ ...state, messagesInEpoch: 1_000 }, NOW)).toBe('use');
    expect(needsNewEpoch({ ...state, header: null }, NOW)).toBeNull();
  });

  it('[attack 28] of two concurrent headers one stands, the other is refused and rebases', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    const carol = await Person.create('carol');
    room.people.push(carol);
    const one = await room.epoch(alice, { members: [...members(room), carol.member()] });
    const two = await room.epoch(bob);
    await room.take(room.entry('epoch', alice.author(), one.header.signed));
    const late = await room.take(room.entry('epoch', bob.author(), two.header.signed));
    expect(late).toMatchObject({ type: 'rejected', error: { rule: 'R1', code: 'rule_broken' } });
    const rebased = await room.takeEpoch(bob);
    expect(rebased.header.header.epoch).toBe(3);
    expect(rebased.header.header.members).toHaveLength(3);
  });
});

describe('[attack 23] the past, as the policy says', () => {
  it('is linked where both policies allow it, and opens back to the start', async () => {
    const { room, people } = await setup('alice', 'bob');
    await room.takeEpoch(people[0], { policy: { add: 'admin', history: 'all' } });
    expect(room.header.header.link).toBeNull(); // the epoch before was closed
    const before = room.secret;
    const { header, secret } = await room.takeEpoch(people[0]);
    expect(await openLink(header.header, secret)).toEqual(before);
  });

  it('is not linked where it is for those who joined', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header, secret } = await room.takeEpoch(people[0]);
    expect(header.header.link).toBeNull();
    expect(await openLink(header.header, secret)).toBeNull();
  });
});

describe('[R7] invites', () => {
  const profile = { name: 'Lab', topic: 'Thursdays' };
  async function open(expires = NOW + 1_000) {
    const { room, people } = await setup('alice', 'bob');
    const { secret, invite } = await createInvite({ room: room.room, profile, expires });
    await room.takeEpoch(people[0], { invites: [invite] });
    const eve = await Person.create('eve');
    room.people.push(eve);
    const join = (change: object = {}, inviteSecret = secret) =>
      room.epoch(eve, { members: [...members(room), eve.member()], inviteSecret, ...change });
    return { room, people, secret, invite, eve, join };
  }

  it('let the holder of the link add themselves, and read the room’s name first', async () => {
    const { room, secret, invite, eve, join } = await open();
    const link = parseInviteFragment(inviteFragment(room.room, secret));
    expect(link).toEqual({ room: room.room, secret });
    expect(await openInviteProfile(invite, link.secret, link.room)).toEqual(profile);
    const { header } = await join();
    expect(header.events).toEqual([{ type: 'joined', account: eve.account, invite: invite.key }]);
    expect(await room.take(room.entry('epoch', eve.author(), header.signed))).toMatchObject({
      type: 'epoch',
    });
  });

  it('the server, which sees only the public key, cannot join', async () => {
    const { invite, room, secret } = await open();
    const { publicKey } = await inviteKey(secret);
    expect(invite.key).toEqual(publicKey);
    await expectRefusal(openInviteProfile(invite, randomBytes(32), room.room), 'M1', 'cannot_decrypt');
    await expectRefusal(openInviteProfile(invite, invite.key, room.room), 'M1', 'cannot_decrypt');
  });

  it('[attack 38] a guessed secret is refused', async () => {
    const { join } = await open();
    await expectRefusal(join({}, randomBytes(32)), 'R7', 'rule_broken');
  });

  it('[attack 38] an expired or revoked invite is refused', async () => {
    const expired = await open(NOW - 1);
    await expectRefusal(expired.join(), 'R7', 'rule_broken');
    const revoked = await open();
    await revoked.room.takeEpoch(revoked.people[0], { invites: [] });
    await expectRefusal(revoked.join(), 'R7', 'rule_broken');
  });

  it('[attack 38] an admission is good for one arrival under one header', async () => {
    const { room, people, join, eve } = await open();
    const { header } = await join();
    await room.takeEpoch(people[0]);
    // The old admission under the next header.
    await expectRefusal(
      room.take(room.entry('epoch', eve.author(), header.signed)).then((outcome) => {
        if (outcome.type === 'rejected') throw outcome.error;
      }),
      'R7',
      'bad_admission',
    );
  });

  it('[attack 30] who arrives changes nothing else', async () => {
    const { room, join, eve } = await open();
    const [a, b] = members(room);
    if (!a || !b) throw new Error('two members');
    const mallory = await Person.create('mallory');
    room.people.push(mallory);
    const self = eve.member();
    const attempts: object[] = [
      { members: [a, b, eve.member('admin')] },
      { members: [a, self] },
      { members: [a, b, self, mallory.member()] },
      { members: [a, { ...b, role: 'admin' }, self] },
      { policy: { add: 'member', history: 'all' } },
      { invites: [] },
    ];
    for (const change of attempts) await expectRefusal(join(change), 'R7', 'rule_broken');
  });

  it('a room is never left without an admin by who arrives', async () => {
    const { room, people, join, eve } = await open();
    const { signed } = await leave(room, people[0]);
    const left = { leaves: [signed] };
    await expectRefusal(join({ ...left, members: [people[1].member(), eve.member()] }), 'R3', 'rule_broken');
    const { header } = await join({ ...left, members: [people[1].member('admin'), eve.member()] });
    expect(header.events.map((e) => e.type)).toEqual(['left', 'role', 'joined']);
  });

  it('[attack 38] texts that are no link are refused by name', async () => {
    const { room, secret } = await open();
    const good = inviteFragment(room.room, secret);
    const nonCanonical = `${good.slice(0, 21)}B${good.slice(22)}`;
    for (const text of ['', '.', good.slice(1), `${good}A`, `${good}.x`, nonCanonical, 'x'.repeat(10_000)]) {
      await expectRefusal(() => parseInviteFragment(text), 'R7', 'bad_invite');
    }
    await expectRefusal(async () => parseInviteFragment(at(good.split('.'), 0)), 'R7', 'bad_invite');
  });

  it('an admission signed by another key is refused', async () => {
    const { room, join, eve, invite } = await open();
    const { header } = await join();
    const { payload } = splitSigned(header.signed);
    // Eve swaps the signature inside and signs the header again.
    const changed = EpochHeaderCodec.encode({
      ...EpochHeaderCodec.decode(payload),
      admission: { invite: invite.key, signature: randomBytes(64) },
    });
    const signed = await sign('epochHeader', changed, eve.main.signing);
    expect(await room.take(room.entry('epoch', eve.author(), signed))).toMatchObject({
      error: { rule: 'R7', code: 'bad_admission' },
    });
  });
});

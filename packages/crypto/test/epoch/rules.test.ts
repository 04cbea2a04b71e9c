import { type Leave, LeaveCodec, LIMITS, type MessageId, splitSigned } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  createInvite,
  createLeave,
  needsNewEpoch,
  newProfile,
  openLink,
  randomId,
  sign,
} from '../../src/index.ts';
import { leave, members, rejected } from '../support/log.ts';
import { NOW, Person, type TestDevice } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { anyGroup, setup } from '../support/room.ts';

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
    const policy = await room.takeEpoch(people[0], {
      policy: { add: 'member', history: 'all', profile: 'admin' },
    });
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
      'changes the policy': {
        policy: { add: 'member' as const, history: 'all' as const, profile: 'admin' as const },
      },
      'opens an invite': {
        invites: [
          (await createInvite({ room: room.room, profile: newProfile({ name: '', topic: '' }), expires: 1 }))
            .invite,
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

  it('a leave is of this room, by a member, from a device that the header’s list still has', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    const place = async (who: Person, device: TestDevice, change: Partial<Leave> = {}) => {
      const made = await createLeave({
        ...who.author(device),
        at: NOW,
        header: room.header,
        signing: device.signing,
      });
      const payload = { ...LeaveCodec.decode(splitSigned(made.signed).payload), ...change };
      const signed = await sign('leave', LeaveCodec.encode(payload), device.signing);
      return room.take(room.entry('leave', who.author(device), signed, made.id));
    };
    const eve = await Person.create('eve');
    room.people.push(eve);
    expect(await place(eve, eve.main)).toMatchObject(rejected('R3', 'not_member'));
    expect(await place(bob, bob.main, { room: anyGroup() })).toMatchObject(rejected('R3', 'wrong_room'));
    const lost = await bob.addDevice();
    await bob.removeDevice(lost);
    await room.takeEpoch(alice, { members: [alice.member('admin'), bob.member()] });
    const missing = await place(bob, lost).catch((error: unknown) => error);
    expect(missing).toMatchObject({ rule: 'K3', missing: { account: bob.account, version: 4 } });
    expect(await place(bob, bob.main)).toMatchObject({ type: 'leave' });
  });

  it('[attack 15] a leave stands in the log under its own account, device and id only', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const [alice, , carol] = people;
    const author = carol.author();
    const { signed, id } = await createLeave({
      ...author,
      at: NOW,
      header: room.header,
      signing: carol.main.signing,
    });
    const others = [
      { ...author, account: alice.account },
      { ...author, device: alice.main.device },
    ];
    for (const other of others)
      expect(await room.take(room.entry('leave', other, signed, id))).toMatchObject(
        rejected('R3', 'wrong_sender'),
      );
    expect(await room.take(room.entry('leave', author, signed))).toMatchObject(
      rejected('R3', 'wrong_sender'),
    );
    expect(room.state.departed).toEqual([]);
    expect(await room.take(room.entry('leave', author, signed, id))).toMatchObject({ type: 'leave' });
  });

  it('[D1] a header stands in the log under the beginning of its hash only', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header } = await room.epoch(people[0]);
    const author = people[0].author();
    expect(await room.take(room.entry('epoch', author, header.signed, randomId<MessageId>()))).toMatchObject(
      rejected('R1', 'wrong_kind'),
    );
    expect(room.header.header.epoch).toBe(1);
    expect(await room.take(room.entry('epoch', author, header.signed))).toMatchObject({ type: 'epoch' });
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
    await room.takeEpoch(people[0], { policy: { add: 'admin', history: 'all', profile: 'admin' } });
    expect(room.header.header.link).toBeNull(); // the epoch before was closed
    const before = room.secret;
    const { header, secret } = await room.takeEpoch(people[0]);
    expect(await openLink(header.header, secret)).toEqual(before);
  });

  it('is not linked any more once the policy is another, nor by who arrives', async () => {
    const { room, people } = await setup('alice', 'bob');
    const all = { add: 'admin', history: 'all', profile: 'admin' } as const;
    await room.takeEpoch(people[0], { policy: all });
    expect((await room.epoch(people[0])).header.header.link).not.toBeNull();
    const closed = await room.epoch(people[0], { policy: { ...all, history: 'joined' } });
    expect(closed.header.header.link).toBeNull();
    const { secret, invite } = await createInvite({
      room: room.room,
      profile: room.profile,
      expires: NOW + 1_000,
    });
    await room.takeEpoch(people[0], { invites: [invite] });
    const eve = await Person.create('eve');
    room.people.push(eve);
    // Whatever her client holds by then: she was not there.
    const come = await room.epoch(eve, { members: [...members(room), eve.member()], inviteSecret: secret });
    expect(come.header.header.link).toBeNull();
  });

  it('is not linked where it is for those who joined', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { header, secret } = await room.takeEpoch(people[0]);
    expect(header.header.link).toBeNull();
    expect(await openLink(header.header, secret)).toBeNull();
  });
});

import { EpochHeaderCodec, splitSigned } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  createInvite,
  directRoomId,
  inviteFragment,
  inviteKey,
  newProfile,
  openInviteProfile,
  parseInviteFragment,
  randomBytes,
  sign,
  signBytes,
} from '../../src/index.ts';
import { leave, members } from '../support/log.ts';
import { at, NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup } from '../support/room.ts';

describe('[R7] invites', () => {
  const profile = newProfile({ name: 'Lab', topic: 'Thursdays' });
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

  it('let them in however far the log has gone: they repeat what the header before had seen', async () => {
    const { room, people, eve, join } = await open();
    await room.say(people[0], 'one');
    await room.say(people[1], 'two');
    const { seen } = room.header.header;
    const { header } = await join({ seen });
    expect(seen.position).toBeLessThan(room.state.headerPosition);
    expect(await room.take(room.entry('epoch', eve.author(), header.signed))).toMatchObject({
      type: 'epoch',
    });
    // A member has no such excuse.
    const stale = await room.epoch(people[0], { seen });
    expect(await room.take(room.entry('epoch', people[0].author(), stale.header.signed))).toMatchObject({
      error: { rule: 'M2', code: 'bad_header' },
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
      { policy: { add: 'member', history: 'all', profile: 'admin' } },
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
      admission: { invite: invite.key, signature: await signBytes(eve.main.signing, randomBytes(64)) },
    });
    const signed = await sign('epochHeader', changed, eve.main.signing);
    expect(await room.take(room.entry('epoch', eve.author(), signed))).toMatchObject({
      error: { rule: 'R7', code: 'bad_admission' },
    });
  });

  it('stand for a key that cannot be taken out, of a group alone [attack 44]', async () => {
    const { room, secret } = await open();
    const { privateKey } = await inviteKey(secret);
    expect(privateKey.extractable).toBe(false);
    const [first, second] = room.people.map(({ account }) => account);
    if (!first || !second) throw new Error('two people');
    const direct = await directRoomId(first, second);
    expect(() => parseInviteFragment(inviteFragment(direct, secret))).toThrow('not an invite link');
    for (const secretText of ['', '!', '%20']) {
      expect(() => parseInviteFragment(`${room.room}.${secretText}`)).toThrow('not an invite link');
    }
  });
});

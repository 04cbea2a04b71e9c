import { type EpochHeader, EpochHeaderCodec } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  createEpoch,
  createLeave,
  generateSigningKey,
  sign,
  signBytes,
  UsageError,
  verifyHeader,
} from '../../src/index.ts';
import { leave, rejected } from '../support/log.ts';
import { NOW, Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup, TestRoom } from '../support/room.ts';

/** A first header of Alice's, changed by her hand. */
async function changed(change: Partial<EpochHeader>) {
  const alice = await Person.create('alice');
  const room = await TestRoom.group([alice]);
  const { header } = await room.epoch(alice, { members: [alice.member('admin')] });
  const payload = EpochHeaderCodec.encode({ ...header.header, ...change });
  const signed = await sign('epochHeader', payload, alice.main.signing);
  return verifyHeader(signed, {
    previous: null,
    room: room.room,
    author: alice.author(),
    lists: room.lists,
    departed: new Set(),
    time: null,
  });
}

describe('[R1] nothing comes before the first header', () => {
  it('[R7] nobody is admitted to a room that is not made yet', async () => {
    const invite = await generateSigningKey({ extractable: false });
    const signature = await signBytes(invite, new Uint8Array(1));
    const admission = { invite: invite.publicKey, signature };
    await expectRefusal(changed({ admission }), 'R7', 'bad_admission');
  });

  it('[R3] nobody has left it', async () => {
    const { room, people } = await setup('carol', 'dave');
    const { signed } = await leave(room, people[1]);
    await expectRefusal(changed({ leaves: [signed] }), 'R3', 'rule_broken');
  });

  it('[R3] nobody leaves it by the log', async () => {
    const { room, people } = await setup('carol', 'dave');
    const { signed, id } = await createLeave({
      ...people[1].author(),
      at: NOW,
      header: room.header,
      signing: people[1].main.signing,
    });
    const empty = await TestRoom.group([...people]);
    const outcome = await empty.take(empty.entry('leave', people[1].author(), signed, id));
    expect(outcome).toMatchObject(rejected('R3', 'rule_broken'));
  });
});

describe('making an epoch refuses misuse', () => {
  it('[R7] an invite leads into a room that exists, and who comes by it is among its members', async () => {
    const { room, people } = await setup('alice', 'bob');
    const eve = await Person.create('eve');
    room.people.push(eve);
    const inviteSecret = new Uint8Array(32).fill(1);
    await expect(room.epoch(eve, { inviteSecret })).rejects.toThrow(UsageError);
    const fresh = await TestRoom.group([eve]);
    const members = [eve.member('admin')];
    await expect(fresh.epoch(eve, { members, inviteSecret })).rejects.toThrow(UsageError);
    expect(people).toHaveLength(2);
  });

  it('[attack 1] nothing is wrapped for who is no member', async () => {
    const { room, people } = await setup('alice', 'bob');
    const eve = await Person.create('eve');
    const { header } = room.header;
    const draft = { ...header, author: people[0].author(), seen: room.seen, profile: room.profile };
    const making = createEpoch(draft, {
      previous: room.header,
      previousSecret: room.secret,
      signing: people[0].main.signing,
      recipients: [eve.main.exchange.verified],
      lists: room.lists,
      departed: new Set(),
    });
    await expect(making).rejects.toThrow(/not a member/);
  });
});

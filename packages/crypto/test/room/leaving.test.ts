import type { MessageId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { advanceRoom, randomId } from '../../src/index.ts';
import { leave, rejected, text } from '../support/log.ts';
import type { Person } from '../support/person.ts';
import { setup, type TestRoom } from '../support/room.ts';

const tries = async (room: TestRoom, who: Person) => {
  const id = randomId<MessageId>();
  return room.take(room.entry('message', who.author(), await room.message(who, text('hi'), { id }), id));
};

describe('[R3] between a leave and the next header', () => {
  it('who left writes no more, the others go on, and some of them may leave too', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol', 'dave');
    const [alice, bob, carol, dave] = people;
    expect((await leave(room, bob)).outcome).toMatchObject({ type: 'leave', account: bob.account });
    expect(await tries(room, bob)).toMatchObject(rejected('R3', 'not_member'));
    expect(await tries(room, carol)).toMatchObject({ type: 'message' });
    expect((await leave(room, bob)).outcome).toMatchObject(rejected('R3', 'replayed'));
    // Alice makes a header that goes on with Carol, who leaves before it comes.
    const members = [alice.member('admin'), carol.member(), dave.member()];
    const [first] = room.state.departed;
    const late = await room.epoch(alice, { members, leaves: first ? [first.signed] : [] });
    expect((await leave(room, carol)).outcome).toMatchObject({ type: 'leave', account: carol.account });
    expect(room.state.departed.map(({ account }) => account)).toEqual([bob.account, carol.account]);
    const entry = room.entry('epoch', alice.author(), late.header.signed);
    expect(await room.take(entry)).toMatchObject(rejected('R3', 'rule_broken'));
    const leaves = room.state.departed.map(({ signed }) => signed);
    await room.takeEpoch(alice, { members: [alice.member('admin'), dave.member()], leaves });
    expect(room.state.departed).toEqual([]);
    expect(await tries(room, dave)).toMatchObject({ type: 'message' });
  });
});

describe('[E3] what is no fault of an entry', () => {
  it('is not told of it: the trouble of this device comes out, and so does a list that has to be fetched', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice] = people;
    const { entry } = await room.say(alice, 'well said');
    const before = { ...room.state, position: entry.position - 1 };
    const broken = { ...room.context, lists: async () => Promise.reject(new Error('the disk is full')) };
    await expect(advanceRoom(before, entry, broken)).rejects.toThrow('the disk is full');
    const unknown = { ...room.context, lists: async () => undefined };
    const missing = { account: alice.account, version: 1 };
    await expect(advanceRoom(before, entry, unknown)).rejects.toMatchObject({ missing });
  });
});

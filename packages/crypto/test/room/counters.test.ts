import type { MessageId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { counterName, randomBytes, randomId, startRoomAt } from '../../src/index.ts';
import { expectAlarm, leave, rejected, text, twin } from '../support/log.ts';
import { setup, TestRoom } from '../support/room.ts';

describe('[M2] counters and what the sender had seen', () => {
  it('an honest conversation goes through', async () => {
    const { room, people } = await setup('alice', 'bob');
    for (const [who, body] of [
      [people[0], 'hi'],
      [people[1], 'hello'],
      [people[0], 'how are you?'],
    ] as const) {
      expect((await room.say(who, body)).outcome).toMatchObject({ type: 'message', content: { body } });
    }
    expect(room.state.counters).toEqual({
      [counterName(people[0].account, people[0].main.device)]: 2,
      [counterName(people[1].account, people[1].main.device)]: 1,
    });
    expect(room.state.messagesInEpoch).toBe(3);
  });

  it('[attack 5] [attack 25] a message, replayed as a new entry, breaks the counter', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { entry } = await room.say(people[0], 'pay 10');
    const position = room.state.position + 1;
    expect(await room.take({ ...entry, position })).toMatchObject(rejected('M2', 'replayed'));
    // Attack 25: Bob sends Alice's message again as his own, or under a fresh id.
    const again = { ...entry, position: position + 1, ...people[1].author() };
    expect(await room.take(again)).toMatchObject(rejected('M3', 'bad_signature'));
    const renamed = { ...entry, position: position + 2, id: randomId<MessageId>() };
    expect(await room.take(renamed)).toMatchObject(rejected('M2', 'wrong_kind'));
  });

  it('[attack 5] a message replayed into another room or a later epoch is rejected', async () => {
    const { room, people } = await setup('alice', 'bob');
    const id = randomId<MessageId>();
    const signed = await room.message(people[0], text('early'), { id });
    await room.takeEpoch(people[0]);
    const late = room.entry('message', people[0].author(), signed, id);
    expect(await room.take(late)).toMatchObject(rejected('R5', 'wrong_epoch'));
    const elsewhere = await TestRoom.group([...room.people]);
    await elsewhere.takeEpoch(people[0], { members: room.header.header.members });
    const moved = elsewhere.entry('message', people[0].author(), signed);
    expect(await elsewhere.take(moved)).toMatchObject(rejected('M2', 'wrong_room'));
  });

  it('[attack 6] two messages of one device in swapped order are detected', async () => {
    const { room, people } = await setup('alice', 'bob');
    const ids = [randomId<MessageId>(), randomId<MessageId>()] as const;
    const first = await room.message(people[0], text('1'), { id: ids[0] });
    const second = await room.message(people[0], text('2'), { id: ids[1] });
    expect(await room.take(room.entry('message', people[0].author(), second, ids[1]))).toMatchObject({
      type: 'message',
    });
    expect(await room.take(room.entry('message', people[0].author(), first, ids[0]))).toMatchObject(
      rejected('M2', 'replayed'),
    );
  });

  it('[attack 6] entries of two people in swapped order break the chain at the next message', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const victim = twin(room);
    const [idA, idB] = [randomId<MessageId>(), randomId<MessageId>()];
    const a = await room.message(people[0], text('a'), { id: idA });
    const b = await room.message(people[1], text('b'), { id: idB });
    const [authorA, authorB] = [people[0].author(), people[1].author()];
    await room.take(room.entry('message', authorA, a, idA));
    await room.take(room.entry('message', authorB, b, idB));
    await victim.take(victim.entry('message', authorB, b, idB));
    await victim.take(victim.entry('message', authorA, a, idA));
    const { entry } = await room.say(people[2], 'so?');
    await expectAlarm(victim, entry, 'M2', 'fork');
  });

  it('[attack 7] a message left out in the middle breaks the chain at the next message', async () => {
    const { room, people } = await setup('alice', 'bob');
    const victim = twin(room);
    await room.say(people[0], 'not for the victim');
    const { entry } = await room.say(people[1], 'agreed');
    await expectAlarm(victim, { ...entry, position: victim.state.position + 1 }, 'M2', 'fork');
  });

  it('[attack 8] a log cut at its tail is noticed by whoever has seen more', async () => {
    const { room, people } = await setup('alice', 'bob');
    const old = twin(room);
    await room.say(people[0], 'seen');
    await room.say(people[0], 'seen too');
    // The server goes back to the old log and continues there: positions already taken come again.
    const again = old.entry('message', people[0].author(), await old.message(people[0], text('other past')));
    await expectAlarm(room, again, 'D1', 'gap');
  });

  it('[attack 9] a fork shows at the next message that crosses', async () => {
    const { room: left, people } = await setup('alice', 'bob');
    const right = twin(left);
    await left.say(people[0], 'to the left');
    const id = randomId<MessageId>();
    const onRight = await right.message(people[1], text('to the right'), { id });
    await right.take(right.entry('message', people[1].author(), onRight, id));
    const { entry } = await left.say(people[0], 'crosses');
    await expectAlarm(right, entry, 'M2', 'fork');
  });

  it('[attack 4] [attack 9] a header crosses a fork no better', async () => {
    const { room: left, people } = await setup('alice', 'bob');
    const right = twin(left);
    await left.say(people[0], 'left');
    await right.say(people[1], 'right');
    const made = await left.epoch(people[0]);
    const entry = left.entry('epoch', people[0].author(), made.header.signed);
    await expectAlarm(right, entry, 'M2', 'fork');
  });

  it('a sender who claims to have seen what the server does not show is an alarm', async () => {
    const { room, people } = await setup('alice', 'bob');
    const seen = { position: 99, chain: randomBytes(32) };
    const id = randomId<MessageId>();
    const signed = await room.message(people[0], text('?'), { id, header: { seen } });
    await expectAlarm(room, room.entry('message', people[0].author(), signed, id), 'M2', 'fork');
  });

  it('what the sender saw before this device came cannot be checked, and is not held against it', async () => {
    const { room, people } = await setup('alice', 'bob');
    await room.say(people[0], 'a');
    const id = randomId<MessageId>();
    const seen = { position: 1, chain: randomBytes(32) };
    const signed = await room.message(people[1], text('b'), { id, header: { seen } });
    const newcomer = twin(room);
    newcomer.chains.clear();
    const entry = newcomer.entry('message', people[1].author(), signed, id);
    expect(await newcomer.take(entry)).toMatchObject({ type: 'message' });
  });

  it('over a new stay counters go on; who begins to read with it takes the first of each device as it is', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    for (const body of ['one', 'two', 'three']) await room.say(bob, body);
    const { outcome } = await leave(room, bob);
    expect(outcome.type).toBe('leave');
    const leaves = room.state.departed.map(({ signed }) => signed);
    await room.takeEpoch(alice, { members: [alice.member('admin')], leaves });
    const { seen } = room;
    const previous = room.header;
    const { header } = await room.takeEpoch(alice, { members: [alice.member('admin'), bob.member()] });
    // Somebody's device that begins with the header by which Bob came back: it has read nothing before.
    const fresh = twin(room);
    fresh.state = startRoomAt({ room: room.room, previous, previousPosition: seen.position, seen });
    await fresh.take(fresh.entry('epoch', alice.author(), header.signed));
    const says = async (counter: number) => {
      const id = randomId<MessageId>();
      const signed = await room.message(bob, text(`${counter}`), { id, header: { counter } });
      return room.entry('message', bob.author(), signed, id);
    };
    const [old, next] = [await says(3), await says(4)];
    expect(await room.take(old)).toMatchObject(rejected('M2', 'replayed')); // whoever was there all the time
    expect(await fresh.take(old)).toMatchObject({ type: 'message' });
    expect(await room.take({ ...next, position: old.position + 1 })).toMatchObject({ type: 'message' });
    expect(await fresh.take({ ...next, position: old.position + 1 })).toMatchObject({ type: 'message' });
  });

  it('[attack 10] a sender who names another list than the room’s is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    await people[1].addDevice();
    await room.takeEpoch(people[0], { members: [people[0].member('admin'), people[1].member()] });
    for (const list of [1, 3]) {
      const id = randomId<MessageId>();
      const signed = await room.message(people[1], text('other'), { id, header: { list } });
      expect(await room.take(room.entry('message', people[1].author(), signed, id))).toMatchObject(
        rejected('M2', 'old_list'),
      );
    }
    expect((await room.say(people[1], 'the right one')).outcome).toMatchObject({ type: 'message' });
  });

  it('a signed message that does not open uses up its counter all the same', async () => {
    const { room, people } = await setup('alice', 'bob');
    const id = randomId<MessageId>();
    const secret = randomBytes(32) as typeof room.secret;
    const signed = await room.message(people[0], text('?'), { id, secret });
    expect(await room.take(room.entry('message', people[0].author(), signed, id))).toMatchObject(
      rejected('M1', 'cannot_decrypt'),
    );
    expect(room.state.counters[counterName(people[0].account, people[0].main.device)]).toBe(1);
    expect((await room.say(people[0], 'again')).outcome).toMatchObject({ type: 'message' });
  });
});

import type { Bytes, MessageId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  advanceRoom,
  type RoomState,
  randomBytes,
  randomId,
  startRoom,
  startRoomAt,
} from '../../src/index.ts';
import { rejected, text, twin } from '../support/log.ts';
import { Person } from '../support/person.ts';
import { setup, TestRoom } from '../support/room.ts';

describe('[R5] [attack 22] after a removal', () => {
  it('who was removed can neither read nor write', async () => {
    const { room, people } = await setup('alice', 'bob');
    const bobs = twin(room);
    const signed = await room.message(people[1], text('too late'));
    await room.takeEpoch(people[0], { members: [people[0].member('admin')] });
    expect(await room.take(room.entry('message', people[1].author(), signed))).toMatchObject(
      rejected('R3', 'not_member'),
    );
    const { entry } = await room.say(people[0], 'among ourselves');
    // Bob got hold of the log; of secrets he has those of his time.
    bobs.state = {
      ...room.state,
      position: entry.position - 1,
      chain: room.chains.get(entry.position - 1) as Bytes,
      counters: {},
    };
    expect(await bobs.take(entry)).toMatchObject({ type: 'locked' });
  });

  it('messages under the old epoch are rejected alike by everyone', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const id = randomId<MessageId>();
    const signed = await room.message(people[0], text('stale'), { id });
    await room.takeEpoch(people[0], { members: [people[0].member('admin'), people[1].member()] });
    const entry = room.entry('message', people[0].author(), signed, id);
    expect(await room.take(entry)).toMatchObject(rejected('R5', 'wrong_epoch'));
  });
});

describe('[attack 24] writing as another', () => {
  it('a member signing for another, or a device of no list, is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const id = randomId<MessageId>();
    const asAlice = await room.message(people[0], text('I owe Bob'), { id, signing: people[1].main.signing });
    expect(await room.take(room.entry('message', people[0].author(), asAlice, id))).toMatchObject(
      rejected('M3', 'bad_signature'),
    );
    const ghost = await people[0].makeDevice();
    const byGhost = await room.message(people[0], text('boo'), { id, device: ghost });
    expect(await room.take(room.entry('message', people[0].author(ghost), byGhost, id))).toMatchObject(
      rejected('K3', 'unknown_device'),
    );
    const eve = await Person.create('eve');
    const byEve = await room.message(eve, text('hi'), { id });
    expect(await room.take(room.entry('message', eve.author(), byEve, id))).toMatchObject(
      rejected('R3', 'not_member'),
    );
  });

  it('[attack 34] a removed device is out with the next epoch', async () => {
    const { room, people } = await setup('alice', 'bob');
    const lost = await people[1].addDevice();
    await room.takeEpoch(people[0], { members: [people[0].member('admin'), people[1].member()] });
    await people[1].removeDevice(lost);
    await room.takeEpoch(people[1], { members: [people[0].member('admin'), people[1].member()] });
    const id = randomId<MessageId>();
    const signed = await room.message(people[1], text('found a phone'), { id, device: lost });
    expect(await room.take(room.entry('message', people[1].author(lost), signed, id))).toMatchObject(
      rejected('K3', 'unknown_device'),
    );
  });
});

describe('[attack 27] what is broken in itself splits nobody', () => {
  it('every member rejects it alike, and the log goes on', async () => {
    const { room, people } = await setup('alice', 'bob');
    const other = twin(room);
    const garbage = [
      room.entry('epoch', people[1].author(), randomBytes(500)),
      room.entry('message', people[1].author(), randomBytes(500)),
      room.entry('leave', people[1].author(), randomBytes(200)),
      room.entry('leave', people[1].author(), randomBytes(3)),
    ].map((entry, index) => ({ ...entry, position: 2 + index }));
    for (const entry of garbage) {
      expect(await room.take(entry)).toMatchObject({ type: 'rejected' });
      expect(await other.take(entry)).toMatchObject({ type: 'rejected' });
      expect(other.state).toEqual(room.state);
    }
    const { outcome } = await room.say(people[0], 'still here');
    expect(outcome).toMatchObject({ type: 'message' });
  });

  it('nothing is said before the room is made', async () => {
    const { room, people } = await setup('alice', 'bob');
    const signed = await room.message(people[0], text('first?'));
    const empty = new TestRoom(await startRoom(room.room), [...room.people]);
    expect(await empty.take(empty.entry('message', people[0].author(), signed))).toMatchObject(
      rejected('R1', 'wrong_epoch'),
    );
  });
});

describe('[R6] without the secret', () => {
  it('messages are locked, counted and chained, and open once it is here', async () => {
    const { room, people } = await setup('alice', 'bob');
    const bob = twin(room);
    bob.secrets.clear();
    const { entry } = await room.say(people[0], 'wait for me');
    expect(await bob.take(entry)).toMatchObject({ type: 'locked' });
    expect(bob.state).toEqual(room.state);
  });
});

describe('[R1] starting later', () => {
  it('a new member starts at what the admitting header’s author had seen', async () => {
    const { room, people } = await setup('alice', 'bob');
    await room.say(people[0], 'before');
    const carol = await Person.create('carol');
    room.people.push(carol);
    const previous = room.header;
    const made = await room.epoch(people[0], { members: [...previous.header.members, carol.member()] });
    const start: RoomState = startRoomAt({
      room: room.room,
      previous,
      previousPosition: 1,
      seen: made.header.header.seen,
    });
    const entry = room.entry('epoch', people[0].author(), made.header.signed);
    await room.take(entry);
    const { state, outcome } = await advanceRoom(start, entry, room.context);
    expect(outcome).toMatchObject({ type: 'epoch' });
    expect(state.chain).toEqual(room.state.chain);
    expect(state.header?.hash).toEqual(room.header.hash);
  });
});

import {
  type Bytes,
  type Ciphertext,
  chainGenesisInput,
  concat,
  fromBase64Url,
  idBytes,
  type LogEntry,
  type MessageId,
  type RoomId,
} from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import {
  advanceRoom,
  chainGenesis,
  chainNext,
  type RoomState,
  randomBytes,
  randomId,
  startRoom,
  startRoomAt,
  type VerificationCode,
} from '../../src/index.ts';
import { Person } from '../support/person.ts';
import { expectRefusal } from '../support/refusal.ts';
import { setup, TestRoom } from '../support/room.ts';

const rejected = (rule: string, code: VerificationCode) => ({ type: 'rejected', error: { rule, code } });
const text = (body: string) => ({ kind: 'text', body }) as const;

/** A second honest device in the same room, at the same place, with its own view. */
function twin(room: TestRoom): TestRoom {
  const other = new TestRoom(structuredClone(room.state), [...room.people]);
  for (const [epoch, secret] of room.secrets) other.secrets.set(epoch, secret);
  for (const [position, chain] of room.chains) other.chains.set(position, chain);
  return other;
}

/** The server is caught: the state did not move. */
async function expectAlarm(room: TestRoom, entry: LogEntry, rule: string, code: VerificationCode) {
  const before = structuredClone(room.state);
  await expectRefusal(room.take(entry), rule, code);
  expect(room.state).toEqual(before);
}

describe('[D1] the log’s hash chain', () => {
  it('is what the document says, computed by hand', async () => {
    const { room, people } = await setup('alice', 'bob');
    const previous = room.state.chain;
    const { entry } = await room.say(people[0], 'hello');
    const body = fromBase64Url(entry.body) as Bytes;
    const number = (value: number) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
      return bytes;
    };
    const input = concat(
      previous,
      number(2),
      number(entry.time),
      new Uint8Array([0]),
      idBytes(entry.account),
      idBytes(entry.device),
      idBytes(entry.id),
      body,
    );
    expect(room.state.chain).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', input)));
    const genesis = concat(new TextEncoder().encode('sotto/v1/log\0'), idBytes(room.room));
    expect(await chainGenesis(room.room)).toEqual(
      new Uint8Array(await crypto.subtle.digest('SHA-256', genesis)),
    );
    expect(chainGenesisInput(room.room)).toEqual(genesis);
  });

  it('changes with every part of an entry', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), randomBytes(8));
    const body = fromBase64Url(entry.body) as Bytes;
    const link = { ...entry, body };
    const variants = [
      link,
      { ...link, position: 3 },
      { ...link, time: link.time + 1 },
      { ...link, kind: 'leave' as const },
      { ...link, account: people[1].account },
      { ...link, device: people[1].main.device },
      { ...link, id: randomId<MessageId>() },
      { ...link, body: randomBytes(8) },
    ];
    const hashes = await Promise.all(variants.map((v) => chainNext(room.state.chain, v)));
    expect(new Set(hashes.map((h) => h.toHex())).size).toBe(variants.length);
  });

  it('[attack 7] a dropped entry shows as a gap', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), await room.message(people[0], text('b')));
    await expectAlarm(room, { ...entry, position: entry.position + 1 }, 'D1', 'gap');
  });

  it('[attack 5] an entry delivered twice shows as a gap, and changes nothing', async () => {
    const { room, people } = await setup('alice', 'bob');
    const { entry } = await room.say(people[0], 'once');
    await expectAlarm(room, entry, 'D1', 'gap');
  });

  it('a body that is no canonical base64url is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    const entry = room.entry('message', people[0].author(), randomBytes(8));
    await expectAlarm(room, { ...entry, body: 'not base64url!' as Ciphertext }, 'D1', 'malformed');
    await expectAlarm(room, { ...entry, body: 'AB' as Ciphertext }, 'D1', 'malformed');
  });

  it('the given state is never changed', async () => {
    const { room, people } = await setup('alice', 'bob');
    const given = room.state;
    const copy = structuredClone(given);
    await room.say(people[0], 'hello');
    expect(given).toEqual(copy);
    expect(room.state).not.toEqual(copy);
  });
});

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
    expect(room.state.counters).toEqual({ [people[0].main.device]: 2, [people[1].main.device]: 1 });
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
    const elsewhere = new TestRoom(await startRoom(randomId<RoomId>()), [...room.people]);
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

  it('[attack 10] a sender whose list is older than the room’s is refused', async () => {
    const { room, people } = await setup('alice', 'bob');
    await people[1].addDevice();
    await room.takeEpoch(people[0], { members: [people[0].member('admin'), people[1].member()] });
    const id = randomId<MessageId>();
    const signed = await room.message(people[1], text('old'), { id, header: { list: 1 } });
    expect(await room.take(room.entry('message', people[1].author(), signed, id))).toMatchObject(
      rejected('M2', 'old_list'),
    );
  });

  it('a signed message that does not open uses up its counter all the same', async () => {
    const { room, people } = await setup('alice', 'bob');
    const id = randomId<MessageId>();
    const secret = randomBytes(32) as typeof room.secret;
    const signed = await room.message(people[0], text('?'), { id, secret });
    expect(await room.take(room.entry('message', people[0].author(), signed, id))).toMatchObject(
      rejected('M1', 'cannot_decrypt'),
    );
    expect(room.state.counters[people[0].main.device]).toBe(1);
    expect((await room.say(people[0], 'again')).outcome).toMatchObject({ type: 'message' });
  });
});

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

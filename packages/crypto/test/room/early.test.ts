import type { LogEntry, MessageId } from '@sotto/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AdvanceContext,
  advanceRoom,
  createDeviceList,
  generateSigningKey,
  type ListLookup,
  type Outcome,
  ReadAhead,
  randomId,
  VerificationError,
} from '../../src/index.ts';
import { text, twin } from '../support/log.ts';
import { at, NOW } from '../support/person.ts';
import type { TestRoom } from '../support/room.ts';
import { setup } from '../support/room.ts';

/** What a second device makes of the same entries, a page at once. */
async function readPage(room: TestRoom, entries: readonly LogEntry[], ahead: boolean) {
  const reads: number[] = [];
  const context: AdvanceContext = {
    lists: room.lists,
    secrets: async ({ header }) => {
      reads.push(header.epoch);
      return room.secrets.get(header.epoch);
    },
    chainAt: async (position) => room.chains.get(position),
  };
  const page = new ReadAhead(entries, context);
  const outcomes: Outcome[] = [];
  let { state } = room;
  for (const entry of entries) {
    const taken = await advanceRoom(state, entry, ahead ? { ...context, ahead: page } : context);
    ({ state } = taken);
    outcomes.push(taken.outcome);
  }
  return { state, outcomes, reads };
}

const told = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => {
    if (outcome.type === 'message' && outcome.content.kind === 'text') return outcome.content.body;
    return outcome.type === 'rejected' ? `${outcome.error.rule} ${outcome.error.code}` : outcome.type;
  });

afterEach(() => vi.restoreAllMocks());

describe('[E2] a page read ahead', () => {
  it('says what it says entry by entry: also forged, replayed, removed, locked and under a new epoch', async () => {
    const { room, people } = await setup('alice', 'bob', 'carol');
    const [alice, bob, carol] = people;
    const reader = twin(room);
    const entries: LogEntry[] = [];
    const place = async (entry: LogEntry) => {
      entries.push(entry);
      await room.take(entry);
    };
    const say = async (who: typeof alice, body: string) => {
      const { entry } = await room.say(who, body);
      entries.push(entry);
      return entry;
    };
    for (let index = 0; index < 12; index++) await say(index % 2 ? bob : alice, `before ${index}`);
    const id = randomId<MessageId>();
    const forged = await room.message(alice, text('I owe Bob'), { id, signing: bob.main.signing });
    await place(room.entry('message', alice.author(), forged, id));
    const first = await say(alice, 'once');
    await place({ ...first, position: room.state.position + 1 });
    const late = randomId<MessageId>();
    const stale = await room.message(bob, text('late'), { id: late });
    const made = await room.epoch(alice, { members: [alice.member('admin'), bob.member()] });
    await place(room.entry('epoch', alice.author(), made.header.signed));
    room.secrets.set(2, made.secret);
    await place(room.entry('message', bob.author(), stale, late));
    const gone = randomId<MessageId>();
    await place(
      room.entry('message', carol.author(), await room.message(carol, text('still?'), { id: gone }), gone),
    );
    for (let index = 0; index < 12; index++) await say(bob, `after ${index}`);

    reader.secrets.set(2, made.secret);
    const plain = await readPage(reader, entries, false);
    const early = await readPage(reader, entries, true);
    expect(told(early.outcomes)).toEqual(told(plain.outcomes));
    expect(early.state).toEqual(plain.state);
    expect(told(early.outcomes)).toContain('M3 bad_signature');
    expect(told(early.outcomes)).toContain('M2 replayed');
    expect(told(early.outcomes)).toContain('R5 wrong_epoch');
    expect(told(early.outcomes)).toContain('R3 not_member');
    expect(told(early.outcomes).at(-1)).toBe('after 11');

    reader.secrets.delete(2);
    const locked = await readPage(reader, entries, true);
    expect(told(locked.outcomes).slice(-12)).toEqual(new Array(12).fill('locked'));
  });

  it('verifies and opens each message once, eight entries before its turn', async () => {
    const { room, people } = await setup('alice', 'bob');
    const reader = twin(room);
    const entries: LogEntry[] = [];
    for (let index = 0; index < 20; index++)
      entries.push((await room.say(at(people, index % 2), `${index}`)).entry);
    const [verified, opened] = [vi.spyOn(crypto.subtle, 'verify'), vi.spyOn(crypto.subtle, 'decrypt')];
    const asked: string[] = [];
    const page = new ReadAhead(entries, {
      ...reader.context,
      lists: (account, version) => {
        asked.push(account);
        return reader.lists(account, version);
      },
    });
    expect(page.body(at(entries, 1))).toBeUndefined();
    let { state } = reader;
    for (const [index, entry] of entries.entries()) {
      const taken = await advanceRoom(state, entry, { ...reader.context, ahead: page });
      ({ state } = taken);
      expect(told([taken.outcome])).toEqual([`${index}`]);
      expect(asked).toHaveLength(Math.min(index + 9, entries.length));
      expect(entries.map((each) => page.body(each) !== undefined)).toEqual(
        entries.map((_, place) => place > index && place <= index + 8),
      );
    }
    expect(verified).toHaveBeenCalledTimes(entries.length);
    expect(opened).toHaveBeenCalledTimes(entries.length);
  });

  it('a fault of ours ahead of its turn is not swallowed: it is thrown in its turn', async () => {
    const { room, people } = await setup('alice', 'bob');
    const reader = twin(room);
    const [first, second] = [await room.say(people[0], 'one'), await room.say(people[1], 'two')];
    for (const part of ['lists', 'secrets'] as const) {
      let times = 0;
      const failing = async () => {
        times += 1;
        throw new Error('the disk does not answer');
      };
      const page = new ReadAhead([first.entry, second.entry], { ...reader.context, [part]: failing });
      const context = { ...reader.context, ahead: page };
      // Taken by somebody else's hand, so that only the second entry's turn is left.
      await expect(page.take(first.entry, reader.state)).rejects.toThrow('the disk does not answer');
      const { state } = await advanceRoom(reader.state, first.entry, reader.context);
      await expect(advanceRoom(state, second.entry, context)).rejects.toThrow('the disk does not answer');
      expect(times).toBe(2);
    }
  });

  it('a refusal ahead of its turn is none yet: what is missing then may be here in its turn', async () => {
    const { room, people } = await setup('alice', 'bob');
    const reader = twin(room);
    const [first, second] = [await room.say(people[0], 'one'), await room.say(people[1], 'two')];
    for (const part of ['lists', 'secrets'] as const) {
      const refusing = async () => {
        throw new VerificationError('K3', 'missing_list', 'not here yet');
      };
      const page = new ReadAhead([first.entry, second.entry], { ...reader.context, [part]: refusing });
      const context = { ...reader.context, ahead: page };
      const { state, outcome } = await advanceRoom(reader.state, first.entry, context);
      expect(told([outcome, (await advanceRoom(state, second.entry, context)).outcome])).toEqual([
        'one',
        'two',
      ]);
    }
  });

  it('[K3] [attack 24] verified ahead with one key, a message counts for nothing once its device stands for another', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    const first = await room.say(alice, 'before');
    const id = randomId<MessageId>();
    const signed = await room.message(bob, text('in his old name'), { id });
    const next = room.entry('message', bob.author(), signed, id);
    const page = new ReadAhead([first.entry, next], room.context);
    await page.take(first.entry, room.state);
    // Meanwhile the user accepted another identity of Bob, which lists that device with a key of its own (K4).
    const other = await bob.makeDevice(bob.main.device);
    const identity = await generateSigningKey({ extractable: false });
    const devices = [{ device: other.device, signing: other.signing.publicKey }];
    const list = await createDeviceList({ identity, at: NOW, name: 'Bob', devices });
    const lists: ListLookup = async (account, version) =>
      account === bob.account ? list : room.lists(account, version);
    const taken = await advanceRoom(room.state, next, { ...room.context, lists, ahead: page });
    expect(told([taken.outcome])).toEqual(['M3 bad_signature']);
  });

  it('[attack 42] [R2] opened ahead under one header, a message counts for nothing under another of its number', async () => {
    const { room, people } = await setup('alice', 'bob');
    const [alice, bob] = people;
    const other = twin(room);
    const { seen } = room;
    await room.takeEpoch(alice);
    await other.takeEpoch(alice);
    expect(other.header.header.epoch).toBe(room.header.header.epoch);
    const first = await room.say(bob, 'in this history');
    const id = randomId<MessageId>();
    const signed = await room.message(alice, text('for this one only'), { id, header: { seen } });
    const next = room.entry('message', alice.author(), signed, id);
    await other.say(bob, 'in the other one');
    // The first entry's turn opens the one behind it, under the header of this history.
    const page = new ReadAhead([first.entry, next], room.context);
    await page.take(first.entry, room.state);
    const ahead = { ...other.context, ahead: page };
    expect(told([(await advanceRoom(other.state, next, ahead)).outcome])).toEqual(['M1 cannot_decrypt']);
    expect(told([await room.take(next)])).toEqual(['for this one only']);
  });
});

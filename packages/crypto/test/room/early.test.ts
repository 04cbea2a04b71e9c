import type { LogEntry, MessageId } from '@sotto/protocol';
import { describe, expect, it } from 'vitest';
import { type AdvanceContext, advanceRoom, type Outcome, ReadAhead, randomId } from '../../src/index.ts';
import { text, twin } from '../support/log.ts';
import type { TestRoom } from '../support/room.ts';
import { setup } from '../support/room.ts';

/** What a second device makes of the same entries, a page at once. */
async function readPage(room: TestRoom, entries: readonly LogEntry[], ahead: boolean) {
  const reads: number[] = [];
  const context: AdvanceContext = {
    lists: room.lists,
    secrets: async (epoch) => {
      reads.push(epoch);
      return room.secrets.get(epoch);
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
});

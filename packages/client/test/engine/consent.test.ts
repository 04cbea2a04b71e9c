import type { AccountId } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { type ConsentFacts, companions, consentTo } from '../../src/engine/consent/decide.ts';
import {
  type Decision,
  type Decisions,
  decided,
  NOTHING_DECIDED,
  newest,
} from '../../src/engine/consent/decisions.ts';
import { StrangersLine } from '../../src/engine/consent/strangers-line.ts';
import { FakeClock, settle } from './support/fake-clock.ts';
import { anyGroup, someone } from './support/rows.ts';

const [ann, ben] = [someone().account, someone().account];

/** A room that a stranger brought this account into, changed as told. */
const room = (change: Partial<Omit<ConsentFacts, 'acquainted'>> & { acquainted?: boolean } = {}) =>
  consentTo({
    own: false,
    standing: 'member',
    said: null,
    blocked: { adder: false, peer: false },
    ...change,
    acquainted: () => change.acquainted ?? false,
  });

describe('[attack 48] what a room is to the account', () => {
  test('a stranger asks; who made, joined or accepted it, or knows who brings it in, is not asked', () => {
    expect(room()).toBe('request');
    expect(room({ own: true })).toBe('open');
    expect(room({ said: 'accepted' })).toBe('open');
    expect(room({ acquainted: true })).toBe('open');
  });

  test('whoever was taken out again, or went, is not asked any more; what was accepted stays to be read', () => {
    expect(room({ standing: 'removed' })).toBe('hidden');
    expect(room({ standing: 'removed', said: 'accepted' })).toBe('open');
    expect(room({ standing: 'removed', own: true })).toBe('open');
    expect(room({ standing: 'removed', acquainted: true })).toBe('open');
    expect(room({ standing: 'left' })).toBe('open');
    expect(room({ standing: 'left', said: 'declined', acquainted: true })).toBe('hidden');
    expect(room({ standing: 'left', blocked: { adder: true, peer: false } })).toBe('hidden');
  });

  test('declined is declined, until somebody known brings the account in', () => {
    expect(room({ said: 'declined' })).toBe('hidden');
    expect(room({ said: 'declined', acquainted: true })).toBe('open');
    expect(room({ said: 'declined', acquainted: true, standing: 'removed' })).toBe('hidden');
  });

  test('who is blocked does not ask, and is not talked with; a group that was accepted stays', () => {
    const adder = { adder: true, peer: false };
    expect(room({ blocked: adder })).toBe('hidden');
    expect(room({ blocked: adder, acquainted: true })).toBe('hidden');
    expect(room({ blocked: adder, said: 'accepted' })).toBe('open');
    for (const said of ['accepted', 'declined', null] as const) {
      expect(room({ blocked: { adder: false, peer: true }, own: true, said })).toBe('hidden');
    }
  });

  test('company is kept in rooms of one’s own doing only: nobody brings strangers along', () => {
    const [own, other] = [
      { own: true, members: [ann] },
      { own: false, members: [ann, ben] },
    ];
    expect(companions([own, other])).toEqual(new Set([ann]));
    expect(companions([])).toEqual(new Set());
  });
});

describe('[K5] decisions', () => {
  const [one, two] = [anyGroup(), anyGroup()];
  const say = (which: typeof one, said: 'accepted' | 'declined' | null): Decision => ({
    about: 'room',
    room: which,
    said,
  });
  const block = (account: AccountId, blocked: boolean): Decision => ({
    about: 'person',
    account,
    name: 'Ann',
    blocked,
  });

  test('the later one about the same holds; what was not decided here stays as the vault has it', () => {
    const vault: Decisions = {
      blocked: [{ account: ben, name: 'Ben' }],
      rooms: [{ room: one, accepted: true }],
    };
    const waiting = newest([say(two, 'accepted'), block(ann, true), say(two, 'declined'), block(ann, false)]);
    expect(waiting).toEqual([say(two, 'declined'), block(ann, false)]);
    expect(decided(vault, waiting)).toEqual({
      ...vault,
      rooms: [...vault.rooms, { room: two, accepted: false }],
    });
    expect(decided(vault, [say(one, null), block(ben, false)])).toEqual(NOTHING_DECIDED);
    expect(decided(vault, [say(one, 'accepted'), block(ben, true)])).toBe(vault);
  });

  test('merging is the same whichever device comes first, where they decide about different things', () => {
    const [here, there] = [[say(one, 'accepted'), block(ann, true)], [say(two, 'declined')]];
    const sorted = ({ blocked, rooms }: Decisions) => ({
      blocked,
      rooms: rooms.toSorted((a, b) => (a.room < b.room ? -1 : 1)),
    });
    const merged = (first: Decision[], second: Decision[]) =>
      sorted(decided(decided(NOTHING_DECIDED, first), second));
    expect(merged(here, there)).toEqual(merged(there, here));
  });

  test('[attack 29] strangers do not fill the vault: of what was declined the newest is remembered', () => {
    const declined = Array.from({ length: 1_100 }, () => say(anyGroup(), 'declined'));
    const { rooms } = decided(NOTHING_DECIDED, [say(one, 'accepted'), ...declined]);
    expect(rooms).toHaveLength(1_001);
    expect(rooms[0]).toEqual({ room: one, accepted: true });
    expect(declined.at(-1)).toMatchObject({ room: rooms.at(-1)?.room });
  });
});

test('[attack 48] new rooms of strangers are read in their own time; what concerns known ones goes on', async () => {
  const clock = new FakeClock();
  const line = new StrangersLine(clock, (error) => expect.unreachable(String(error)));
  let read = 0;
  const work = async () => {
    read += 1;
  };
  for (let i = 0; i < 60; i++) line.enqueue(work, true);
  await settle();
  expect(read).toBe(20);
  await clock.pass(5_000);
  expect(read).toBe(30);
  await clock.pass(60_000);
  expect(read).toBe(60);
  for (let i = 0; i < 100; i++) line.enqueue(work);
  await settle();
  expect(read).toBe(160);
});

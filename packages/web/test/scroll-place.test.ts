import { describe, expect, it } from 'vitest';
import type { Row } from '../src/conversation/rows.ts';
import { countAfter, placeOf, sticks } from '../src/conversation/scroll-place.ts';

describe('where the list stands', () => {
  const at = (top: number, height = 2_000) => ({ top, height });
  const room = 500;

  it('is at the end within a line of it, and far away only after some lines', () => {
    expect(placeOf(39)).toEqual({ end: true, away: false });
    expect(placeOf(40)).toEqual({ end: false, away: false });
    expect(placeOf(241)).toEqual({ end: false, away: true });
  });

  it('keeps to the end until somebody scrolls up by hand', () => {
    expect(sticks(true, { before: at(1_500), now: at(1_200), room, byHand: true })).toBe(false);
    expect(sticks(true, { before: at(1_500), now: at(1_200), room, byHand: false })).toBe(true);
  });

  it('is not moved away by what grows above or below', () => {
    expect(sticks(true, { before: at(1_500), now: at(1_400, 2_600), room, byHand: true })).toBe(true);
    expect(sticks(false, { before: at(900), now: at(900, 2_600), room, byHand: true })).toBe(false);
  });

  it('keeps to the end again once it is reached', () => {
    expect(sticks(false, { before: at(1_200), now: at(1_480), room, byHand: true })).toBe(true);
    expect(sticks(false, { before: at(1_200), now: at(1_300), room, byHand: true })).toBe(false);
  });
});

describe('what arrived below', () => {
  const row = (key: string, own: boolean) => ({ type: 'message', key, item: { own } }) as unknown as Row;
  const rows: readonly Row[] = [
    { type: 'top', key: 'top' },
    row('a', false),
    row('b', false),
    { type: 'day', key: 'day', time: 0 },
    row('c', true),
    row('d', false),
  ];

  it('are the messages of others after the last one that was seen', () => {
    expect(countAfter(rows, 'a')).toBe(2);
    expect(countAfter(rows, 'd')).toBe(0);
  });

  it('is nothing where none was seen, or it is gone', () => {
    expect(countAfter(rows, null)).toBe(0);
    expect(countAfter(rows, 'gone')).toBe(0);
  });
});

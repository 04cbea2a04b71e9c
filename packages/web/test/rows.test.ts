import type { TimelineItem } from '@sotto/client';
import { describe, expect, it } from 'vitest';
import { room } from '../demo/ids.ts';
import { Script } from '../demo/script.ts';
import { buildRows, firstUnread, newestPosition } from '../src/conversation/rows.ts';

const NOON = new Date(2026, 5, 1, 12).getTime();
const script = () => new Script('Alice', room('x'), null, NOON);
const shape = (items: readonly TimelineItem[], newFrom: string | null = null) =>
  buildRows(items, newFrom).map((row) =>
    row.type === 'message'
      ? `${row.item.body}${row.first ? ' first' : ''}${row.last ? ' last' : ''}`
      : row.type,
  );

describe('rows of a conversation', () => {
  it('groups by sender and five minutes', () => {
    const { items } = script()
      .say('Bob', 'a')
      .say('Bob', 'b')
      .pause(300_000)
      .say('Bob', 'c')
      .say('Alice', 'd');
    expect(shape(items)).toEqual(['top', 'day', 'a first', 'b last', 'c first last', 'd first last']);
  });

  it('separates days, and breaks groups there', () => {
    const { items } = script()
      .pause(12 * 3_600_000 - 50_000)
      .say('Bob', 'late')
      .say('Bob', 'early');
    expect(shape(items)).toEqual(['top', 'day', 'late first last', 'day', 'early first last']);
  });

  it('puts the new-messages line above the first unread message, and breaks the group', () => {
    const { items } = script().say('Bob', 'old').say('Bob', 'new');
    expect(shape(items, items[1]?.key ?? null)).toEqual([
      'top',
      'day',
      'old first last',
      'new',
      'new first last',
    ]);
  });

  it('merges people added at once, and runs of unreadable entries', () => {
    const { items } = script()
      .system({ type: 'added', account: room('b') as never }, 'Alice')
      .system({ type: 'added', account: room('c') as never }, 'Alice')
      .unreadable('Bob', 'requested', 3);
    const rows = buildRows(items, null);
    expect(rows.map((r) => r.type)).toEqual(['top', 'day', 'system', 'unreadable']);
    expect(rows[2]).toMatchObject({ items: [{ type: 'system' }, { type: 'system' }] });
    expect(rows[3]).toMatchObject({ count: 3 });
  });

  it('keys are unique', () => {
    const { items } = script().say('Bob', 'a').system({ type: 'rekeyed' }, 'Bob').say('Bob', 'b');
    const keys = buildRows(items, items[2]?.key ?? null).map((r) => r.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('first unread message', () => {
  const { items } = script().say('Bob', 'a').say('Alice', 'mine').say('Bob', 'b').say('Bob', 'c');
  it('is the first of others after what was read', () => {
    expect(firstUnread(items, 1, 2)).toBe(items[2]?.key);
  });
  it('is none where nothing is unread', () => {
    expect(firstUnread(items, 0, 0)).toBeNull();
  });
  it('is bounded by the count where the read position is of an earlier visit', () => {
    expect(firstUnread(items, 0, 1)).toBe(items[3]?.key);
  });
  it('newest position skips what still waits', () => {
    const waiting = script()
      .say('Bob', 'a')
      .say('Alice', 'b', { delivery: { state: 'waiting' } });
    expect(newestPosition(waiting.items)).toBe(1);
  });
});

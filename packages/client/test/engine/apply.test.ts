import { describe, expect, test } from 'vitest';
import { advanceRow, changesUnread, countUnread, recounted } from '../../src/engine/rooms/log/activity.ts';
import { Batch } from '../../src/engine/rooms/log/batch.ts';
import type { EntryRow } from '../../src/engine/rows.ts';
import { entry, message, roomRow, someone, text } from './support/rows.ts';

const [me, ann] = [someone(), someone()];
const reader = { account: me.account, hears: () => true };

describe('unread', () => {
  test('counts texts of others behind the read mark, mentions of oneself apart', () => {
    const rows = [
      text(1, ann, 'old'),
      text(2, me, 'own'),
      text(3, ann, 'new'),
      text(4, ann, 'you', { mentions: [me.account] }),
      message(5, ann, { kind: 'reaction', target: 2, emoji: '👍', on: true }),
      message(6, ann, { kind: 'edit', target: 3, body: 'newer' }),
      message(7, ann, { kind: 'unknown', name: 'poll' }),
      entry(8, ann, { type: 'locked', epoch: 1, signed: new Uint8Array(1) }),
    ];
    expect(countUnread(rows, 1, reader)).toEqual({ unread: 3, mentions: 1 });
  });

  test('grows with what arrives, and writing is reading', async () => {
    const row = await roomRow([me, ann]);
    const two = advanceRow(row, [text(1, ann, 'a'), text(2, ann, 'b', { mentions: [me.account] })], reader);
    expect(two).toMatchObject({ unread: 2, mentions: 1, read: 0 });
    const more = advanceRow(two, [text(3, ann, 'c')], reader);
    expect(more).toMatchObject({ unread: 3, mentions: 1 });
    const answered = advanceRow(more, [text(4, me, 'd'), text(5, ann, 'e')], reader);
    expect(answered).toMatchObject({ unread: 1, mentions: 0, read: 4 });
  });
});

test('the newest activity is a text or a change of membership, never a reaction or fresh keys', async () => {
  const row = await roomRow([me, ann]);
  const events = [{ type: 'rekeyed' } as const];
  const after = advanceRow(
    row,
    [
      text(1, ann, 'x'.repeat(500)),
      message(2, ann, { kind: 'reaction', target: 1, emoji: '👍', on: true }),
      entry(3, ann, { type: 'epoch', epoch: 2, events }),
    ],
    reader,
  );
  expect(after.last).toMatchObject({ time: 1_000, account: ann.account, event: null });
  expect(advanceRow(after, [entry(4, ann, { type: 'leave' })], reader).last).toMatchObject({
    line: null,
    event: { type: 'leaving', account: ann.account },
  });
});

describe('what a later entry makes of an earlier one', () => {
  const gone = (position: number, who: typeof ann, target: number) =>
    message(position, who, { kind: 'delete', target });
  const told = async (...rows: EntryRow[]) => {
    const row = await roomRow([me, ann]);
    return rows.reduce((before, each) => advanceRow(before, [each], reader), row);
  };

  test('the list tells the message as it is now, and of a deleted one that it is', async () => {
    const edited = await told(
      text(1, ann, 'meet at five'),
      message(2, ann, { kind: 'edit', target: 1, body: 'meet at seven' }),
    );
    expect(edited.last?.line).toMatchObject({ kind: 'text', body: 'meet at seven' });
    const deleted = advanceRow(edited, [gone(3, ann, 1)], reader);
    expect(deleted.last?.line).toMatchObject({ kind: 'deleted', body: '' });
    expect(JSON.stringify(deleted.last)).not.toContain('meet at');
  });

  test('[attack 30] nobody else edits or deletes it, and nothing of another message', async () => {
    const row = await told(
      text(1, ann, 'mine'),
      text(2, ann, 'last'),
      message(3, me, { kind: 'edit', target: 2, body: 'forged' }),
      gone(4, me, 2),
      gone(5, ann, 1),
    );
    expect(row.last?.line).toMatchObject({ kind: 'text', body: 'last' });
  });

  test('a message deleted before it was read is not new to read, where it came in the same batch or before', async () => {
    const rows = [text(1, ann, 'a', { mentions: [me.account] }), text(2, ann, 'b'), gone(3, ann, 1)];
    expect(countUnread(rows, 0, reader)).toEqual({ unread: 1, mentions: 0 });
    expect(countUnread([...rows.slice(0, 2), gone(3, me, 1)], 0, reader)).toEqual({ unread: 2, mentions: 1 });
    const row = await told(...rows.slice(0, 2));
    const batch = new Batch(row);
    batch.entries.push(gone(3, ann, 1));
    expect(changesUnread(batch)).toBe(true);
    expect(recounted(row, rows, reader)).toMatchObject({ unread: 1, mentions: 0 });
    const read = new Batch({ ...row, read: 2 });
    read.entries.push(gone(3, ann, 1));
    expect(changesUnread(read)).toBe(false);
  });
});

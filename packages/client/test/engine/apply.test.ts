import { describe, expect, test } from 'vitest';
import { activityOf, advanceRow, countUnread } from '../../src/engine/rooms/log/apply.ts';
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
  expect(after.last?.preview).toHaveLength(140);
  expect(activityOf(entry(4, ann, { type: 'leave' }))).toMatchObject({
    event: { type: 'leaving', account: ann.account },
  });
});

import { type Attachment, randomBytes } from '@sotto/crypto';
import { type AccountId, type FileId, idFromBytes, type RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { describe as describeFile } from '../../src/engine/files/describe.ts';
import { sharedFiles } from '../../src/engine/files/shared.ts';
import { summaryOf } from '../../src/engine/files/summary.ts';
import { advanceRow, countUnread } from '../../src/engine/rooms/log/activity.ts';
import type { EntryRow } from '../../src/engine/rows.ts';
import { type ProjectionInput, project } from '../../src/engine/timeline/project.ts';
import { filesIn } from '../../src/message-item.ts';
import type { MessageItem } from '../../src/state.ts';
import { message, ROOM, roomRow, someone, text, waiting } from '../engine/support/rows.ts';

const [me, ann, ben] = [someone(), someone(), someone()];

const attachment = (name: string): Attachment => ({
  ...describeFile({ name, type: 'image/png', size: 7, width: 3, async *open() {} }),
  file: idFromBytes<FileId>(randomBytes(16)),
});
const files = (position: number, who: typeof ann, names: string[], body = '') =>
  message(position, who, { kind: 'files', files: names.map(attachment), body, mentions: [me.account] });

const messages = (input: Partial<ProjectionInput>): MessageItem[] =>
  project({
    entries: [],
    outbox: [],
    lines: [],
    receipts: [],
    self: me,
    members: [me.account, ann.account, ben.account],
    hears: () => true,
    entitled: () => true,
    ...input,
  }).filter((item): item is MessageItem => item.type === 'message');

test('[M6] a message shows its files without their keys; its caption is edited, and deleted with them', () => {
  const entries = [
    files(1, ann, ['one.png', 'two.png'], 'look'),
    message(2, ann, { kind: 'edit', target: 1, body: 'look closely' }),
  ];
  const [item] = messages({ entries });
  expect(item).toMatchObject({ body: 'look closely', edited: 2_000, mentionsSelf: true });
  expect(filesIn(item)).toMatchObject([{ name: 'one.png', width: 3, height: null }, { name: 'two.png' }]);
  expect(filesIn(item)[0]).not.toHaveProperty('key');
  expect(filesIn(item)[0]).not.toHaveProperty('hash');
  const deleted = messages({ entries: [...entries, message(3, ann, { kind: 'delete', target: 1 })] });
  expect(deleted).toMatchObject([{ kind: 'deleted', body: '' }]);
  // [attack 30]
  const others = messages({ entries: [...entries, message(3, ben, { kind: 'delete', target: 1 })] });
  expect(others).toMatchObject([{ kind: 'files', files: [{}, {}] }]);
});

test('[E3] files that wait show at once', () => {
  const content = { kind: 'files', files: [attachment('one.png')], body: '' } as const;
  expect(messages({ outbox: [waiting(1, content)] })).toMatchObject([
    { files: [{ name: 'one.png' }], position: null, delivery: { state: 'waiting' } },
  ]);
});

test('files count as unread and are the newest activity, with how many there are', async () => {
  const row = files(1, ann, ['one.png', 'two.png'], 'x'.repeat(500));
  expect(countUnread([row], 0, { account: me.account, hears: () => true })).toEqual({
    unread: 1,
    mentions: 1,
  });
  const { last } = advanceRow(await roomRow([me, ann]), [row], { account: me.account, hears: () => true });
  expect(last?.line && 'files' in last.line && summaryOf(last.line.files)).toEqual({
    files: { count: 2, type: 'image/png', name: 'one.png' },
  });
});

test('the files of a conversation, newest first, without those whose author deleted them', async () => {
  const entries: EntryRow[] = [
    files(1, ann, ['a', 'b']),
    files(2, ben, ['c']),
    text(3, ben, 'text'),
    message(4, ann, { kind: 'delete', target: 2 }),
    files(5, ann, ['d']),
    message(6, ann, { kind: 'delete', target: 5 }),
  ];
  const row = await roomRow([me, ann, ben]);
  const rows = {
    peek: () => ({ ...row, state: { ...row.state, position: 6 } }),
    lastEntries: async (_room: RoomId, to: number) => entries.filter(({ position }) => position <= to),
  };
  const names = async (limit: number, hears: (account: AccountId) => boolean = () => true) =>
    (await sharedFiles(rows, { room: ROOM, limit, hears })).map(({ file }) => file.name);
  expect(await names(10)).toEqual(['c', 'a', 'b']);
  expect(await names(2)).toEqual(['c', 'a']);
  expect(await names(10, (account) => account !== ann.account)).toEqual(['c']);
});

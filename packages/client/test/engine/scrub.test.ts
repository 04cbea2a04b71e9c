import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attachment, randomId } from '@sotto/crypto';
import type { FileId } from '@sotto/protocol';
import { afterAll, expect, test } from 'vitest';
import { draftAfter, type Gone, scrubDeleted } from '../../src/engine/rooms/log/scrub.ts';
import type { EntryRow, FileRow } from '../../src/engine/rows.ts';
import { NO_DRAFT } from '../../src/message-body.ts';
import { fileHost } from '../../src/node/file-host.ts';
import { message, ROOM, someone, text } from './support/rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-scrub-'));
const [ann, ben] = [someone(), someone()];
const storage = await fileHost(folder).open(ann.account);

afterAll(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

test('what its author deleted does not rest on the device any more; nobody else scrubs it (attack 30)', async () => {
  const rows = [text(1, ann, 'secret'), text(2, ann, 'stays')];
  const deletions = [
    message(3, ann, { kind: 'delete', target: 1 }),
    message(4, ben, { kind: 'delete', target: 2 }),
    message(5, ann, { kind: 'delete', target: 99 }),
  ];
  const stored = await storage.transaction(['entries', 'changes', 'files'], 'write', async (tx) => {
    for (const row of [...rows, ...deletions]) await tx.put('entries', [ROOM, row.position], row);
    await scrubDeleted(tx, ROOM, deletions);
    return tx.range<EntryRow>('entries', { prefix: [ROOM] });
  });
  expect(JSON.stringify(stored)).not.toContain('secret');
  expect(stored).toMatchObject([{ id: rows[0]?.id, account: ann.account }, rows[1], {}, {}, {}]);
});

/** What rests of a room after these entries came, batch by batch. */
async function afterBatches(...batches: (EntryRow[] | { late: EntryRow[] })[]) {
  const gone: Gone[] = [];
  const rest = await storage.transaction(['entries', 'changes', 'files'], 'write', async (tx) => {
    for (const { position } of await tx.range<EntryRow>('entries', { prefix: [ROOM] }))
      await tx.delete('entries', [ROOM, position]);
    for (const batch of batches) {
      const late = 'late' in batch;
      const rows = late ? batch.late : batch;
      for (const row of rows) await tx.put('entries', [ROOM, row.position], row);
      gone.push(await scrubDeleted(tx, ROOM, rows, late ? 'late' : 'new'));
    }
    return tx.range<EntryRow>('entries', { prefix: [ROOM] });
  });
  return { rest, text: JSON.stringify(rest), gone };
}

const edit = (position: number, target: number, body: string, who = ann) =>
  message(position, who, { kind: 'edit', target, body });
const deletion = (position: number, target: number, who = ann) =>
  message(position, who, { kind: 'delete', target });

test.each([
  ['edited before', [[text(1, ann, 'a secret')], [edit(2, 1, 'another secret')], [deletion(3, 1)]]],
  ['all at once', [[text(1, ann, 'a secret'), edit(2, 1, 'another secret'), deletion(3, 1)]]],
  [
    'edited by a device that did not know yet',
    [[text(1, ann, 'a secret'), deletion(2, 1)], [edit(3, 1, 'secret')]],
  ],
])('neither do its edits: %s', async (_, batches) => {
  const { text: rest } = await afterBatches(...batches);
  expect(rest).not.toContain('secret');
});

test('what somebody else edits or deletes stays as it is (attack 30)', async () => {
  const { text: rest } = await afterBatches(
    [text(1, ann, 'mine'), text(2, ben, 'his'), edit(3, 2, 'his anew', ben), edit(4, 1, 'forged', ben)],
    [deletion(5, 1), deletion(6, 1, ben), deletion(7, 2)],
  );
  expect(rest).not.toContain('mine');
  for (const words of ['his', 'his anew', 'forged']) expect(rest).toContain(`"${words}"`);
});

test('an older page is scrubbed by the deletions behind it', async () => {
  const behind = [edit(12, 4, 'secret edit'), deletion(13, 4), deletion(14, 5, ben)];
  const { text: rest } = await afterBatches(behind, {
    late: [text(4, ann, 'secret'), text(5, ann, 'stays')],
  });
  expect(rest).not.toContain('secret');
  expect(rest).toContain('stays');
});

test('[M6] of a message with files goes its caption, what it says of them, and their copies here', async () => {
  const [kept, own] = [randomId<FileId>(), randomId<FileId>()];
  const bytes = new Uint8Array(32);
  const attachment = (file: FileId): Attachment => ({
    file,
    name: 'secret.jpg',
    type: 'image/jpeg',
    size: 9,
    key: bytes,
    hash: bytes,
    thumbnail: new Uint8Array(9).fill(7),
  });
  const copy: FileRow = {
    state: 'kept',
    file: kept,
    room: ROOM,
    position: 0,
    size: 9,
    whole: true,
    held: false,
    used: 1,
  };
  const doomed: FileRow = { state: 'doomed', file: own, room: ROOM, after: null };
  await storage.transaction(['files'], 'write', async (tx) => {
    await tx.put('files', [kept], copy);
    await tx.put('files', [own], doomed);
  });
  const files = [attachment(kept), attachment(own)];
  const { rest } = await afterBatches(
    [message(1, ann, { kind: 'files', body: 'a secret', files })],
    [deletion(2, 1)],
  );
  expect(rest[0]).toMatchObject({ what: { content: { kind: 'unknown', name: 'deleted' } } });
  const [first, second] = await storage.transaction(['files'], 'read', async (tx) => [
    await tx.get('files', [kept]),
    await tx.get('files', [own]),
  ]);
  expect(first).toEqual({ state: 'doomed', file: kept, room: ROOM, after: null, here: true });
  expect(second).toEqual(doomed); // the server's copy is this device's to delete
});

test('an edit that was only begun ends with its message; what was written to it stays', async () => {
  const { gone } = await afterBatches([text(1, ann, 'a secret'), edit(2, 1, 'edited')], [deletion(3, 1)]);
  const draft = (text: string, position = 1) => ({ ...NO_DRAFT, text: 'before', edit: { position, text } });
  const after = (each: ReturnType<typeof draft>) => draftAfter(each, gone.at(-1) ?? new Map());
  expect(after(draft('a secret'))).toEqual({ ...NO_DRAFT, text: 'before' });
  expect(after(draft('edited'))).toEqual({ ...NO_DRAFT, text: 'before' });
  for (const kept of [draft('a secret, and more'), draft('edited', 2)]) expect(after(kept)).toBe(kept);
});

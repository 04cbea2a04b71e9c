import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { scrubDeleted } from '../../src/engine/rooms/log/scrub.ts';
import type { EntryRow } from '../../src/engine/rows.ts';
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
  const stored = await storage.transaction(['entries'], 'write', async (tx) => {
    for (const row of rows) await tx.put('entries', [ROOM, row.position], row);
    await scrubDeleted(tx, ROOM, deletions);
    return tx.range<EntryRow>('entries', { prefix: [ROOM] });
  });
  expect(JSON.stringify(stored)).not.toContain('secret');
  expect(stored).toMatchObject([{ id: rows[0]?.id, account: ann.account }, rows[1]]);
});

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from '../src/store/sqlite/database.ts';
import { EntryIds } from '../src/store/sqlite/entry-ids.ts';
import { IdFilter } from '../src/store/sqlite/id-filter.ts';
import { makeFolder } from './support/server.ts';

const CHUNK = 8;
const randomId = () => randomBytes(16).toString('base64url');

const COLUMNS = 'room, position, time, kind, account, device, id, body, chain';
const insert = (db: Database, id: string, position: number) =>
  db.run(
    `INSERT INTO log (${COLUMNS}) VALUES ('r', ?, 1, 'message', 'a', 'd', ?, x'00', x'00')`,
    position,
    id,
  );

async function open(folder: string): Promise<{ db: Database; ids: EntryIds }> {
  const db = new Database(join(folder, 'a.sqlite'));
  return { db, ids: new EntryIds(db, CHUNK) };
}

/** What happens to the ids: some are added in one transaction, which may be undone; or the server starts again. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ add: fc.array(fc.nat(40), { maxLength: 12 }), undone: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { maxLength: 30 },
);

test('[D3] every entry is found under its id, over filed chunks, undone transactions and restarts', async () => {
  const names = Array.from({ length: 41 }, randomId);
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const folder = await makeFolder();
      let { db, ids } = await open(folder);
      const kept: string[] = [];
      for (const step of all) {
        if (step === 'restart') {
          await db.close();
          ({ db, ids } = await open(folder));
          continue;
        }
        const added = step.add.map((at) => names[at] ?? '');
        const work = () =>
          db.transaction(() => {
            ids.refresh();
            for (const id of added) {
              insert(db, id, ids.last + 1);
              ids.add(id, ids.last + 1);
            }
            if (step.undone) throw new Error('undone');
          });
        if (step.undone) expect(work).toThrow('undone');
        else {
          work();
          kept.push(...added);
        }
        for (const id of names) {
          const entries = kept.flatMap((one, index) => (one === id ? [index + 1] : []));
          expect(ids.find(id)).toEqual(expect.arrayContaining(entries));
          if (!step.undone) expect(ids.find(id)).toEqual(entries);
        }
      }
      await db.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('[D3] what another process added is seen', async () => {
  const folder = await makeFolder();
  const [one, two] = [await open(folder), await open(folder)];
  onTestFinished(() => one.db.close());
  onTestFinished(() => two.db.close());
  const names = Array.from({ length: 3 * CHUNK }, randomId);
  for (const [index, id] of names.entries()) {
    const { db, ids } = index % 5 < 3 ? one : two;
    db.transaction(() => {
      ids.refresh();
      expect(ids.last).toBe(index);
      for (const [at, known] of names.slice(0, index).entries()) expect(ids.find(known)).toEqual([at + 1]);
      insert(db, id, index + 1);
      ids.add(id, index + 1);
    });
  }
});

test('the filter misses nothing, and lets through less than one in a hundred', () => {
  const filter = new IdFilter(1_024);
  const chunks = Array.from({ length: 40 }, () => Array.from({ length: 1_024 }, randomId));
  for (const [chunk, ids] of chunks.entries()) filter.fill(chunk, ids);
  for (const [chunk, ids] of chunks.entries()) for (const id of ids) expect(filter.find(id)).toContain(chunk);
  let wrong = 0;
  for (let left = 10_000; left > 0; left -= 1) wrong += filter.find(randomId()).length;
  expect(wrong).toBeLessThan((10_000 * chunks.length) / 100);
  expect(wrong).toBeGreaterThan(0);
});

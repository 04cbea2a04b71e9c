import fs from 'node:fs';
import { stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Checkpoints } from '../src/store/sqlite/checkpoints.ts';
import { Database } from '../src/store/sqlite/database.ts';
import { Durability } from '../src/store/sqlite/durability.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { makeFolder } from './support/server.ts';

type Done = (error: NodeJS.ErrnoException | null) => void;

/** A disk whose syncs end when the test says so. */
function slowDisk(): { waiting: Done[] } {
  const real = fs.fdatasync;
  const waiting: Done[] = [];
  const patch = (to: typeof fs.fdatasync) => {
    fs.fdatasync = to;
    syncBuiltinESMExports();
  };
  patch(Object.assign((_: number, done: Done) => void waiting.push(done), real));
  onTestFinished(() => patch(real));
  return { waiting };
}

/** Did it settle before all that was ready to run had run? */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('[D2] a commit counts once a sync that began after it has ended', async () => {
  const db = new Database(join(await makeFolder(), 'a.sqlite'), ['CREATE TABLE a (x)']);
  expect(db.get('PRAGMA journal_mode')).toMatchObject({ journal_mode: 'wal' });
  expect(db.get('PRAGMA synchronous')).toMatchObject({ synchronous: 1 }); // around checkpoints
  expect(db.settled()).toBeUndefined();
  const { waiting } = slowDisk();
  const write = (x: number) => {
    db.transaction(() => db.run('INSERT INTO a VALUES (?)', x));
    return db.settled() ?? Promise.reject(new Error('settled at once'));
  };
  const first = write(1);
  const [second, third] = [write(2), write(3)]; // after the first sync began: it does not cover them
  expect(waiting).toHaveLength(1);
  expect(await isDone(first)).toBe(false);
  waiting.shift()?.(null);
  expect(await isDone(first)).toBe(true);
  expect(await isDone(second)).toBe(false);
  expect(waiting).toHaveLength(1);
  waiting.shift()?.(null);
  await Promise.all([second, third]);
  expect(db.settled()).toBeUndefined();
  db.run('INSERT INTO a VALUES (4)'); // outside of a transaction
  const last = db.settled();
  waiting.shift()?.(null);
  await last;
  await db.close();
});

test('[D2] a method of the store resolves once what it wrote, and what it read, is on disk', async () => {
  const store = await openSqliteStore(await makeFolder());
  const { waiting } = slowDisk();
  const written = store.secret('name', () => 'value');
  const read = store.accounts.everyone();
  expect(await isDone(written)).toBe(false);
  expect(await isDone(read)).toBe(false);
  waiting.shift()?.(null);
  expect(await written).toBe('value');
  expect(await read).toEqual([]);
  expect(await store.accounts.everyone()).toEqual([]); // nothing waits: at once
  expect(waiting).toEqual([]);
  await store.close();
});

test('[D2] after a sync that failed nothing is taken any more', async () => {
  const store = await openSqliteStore(await makeFolder());
  const { waiting } = slowDisk();
  const written = store.secret('name', () => 'value');
  const read = store.ping();
  await isDone(written);
  waiting.shift()?.(Object.assign(new Error('EIO'), { code: 'EIO' }));
  await expect(written).rejects.toThrow('EIO');
  await expect(read).rejects.toThrow('EIO');
  await expect(store.secret('other', () => 'value')).rejects.toThrow('EIO');
  await expect(store.ping()).rejects.toThrow('EIO');
  expect(waiting).toEqual([]);
  await expect(store.close()).rejects.toThrow('EIO');
});

test('[D2] what the system says of a sync is heard', async () => {
  const durability = new Durability('/dev/null'); // cannot be synced
  durability.wrote();
  await expect(durability.settled()).rejects.toThrow('EINVAL');
  expect(durability.failure).toBeDefined();
});

test('the journal begins anew while commits go on, and is copied by a thread', async () => {
  const file = join(await makeFolder(), 'a.sqlite');
  const db = new Database(file, ['CREATE TABLE a (x)']);
  const errors: unknown[] = [];
  const checkpoints = new Checkpoints(file, (error) => errors.push(error));
  const body = new Uint8Array(100_000);
  const commit = async (times: number) => {
    for (let each = 0; each < times; each += 1) {
      await checkpoints.gate;
      db.transaction(() => db.run('INSERT INTO a VALUES (?)', body));
      checkpoints.committed();
      await db.settled();
    }
  };
  await commit(130);
  // The thread has started, which takes its time on a busy machine, and copied for the first time.
  await vi.waitFor(async () => expect((await stat(file)).size).toBeGreaterThan(10e6), 30_000);
  await commit(1_070);
  expect((await stat(file)).size).toBeGreaterThan(40e6);
  expect((await stat(`${file}-wal`)).size).toBeLessThan(60e6); // of 120 that were written
  await checkpoints.close();
  expect(checkpoints.gate).toBeUndefined();
  expect(errors).toEqual([]);
  await db.close();
  const again = new Database(file, ['CREATE TABLE a (x)']);
  expect(again.get('SELECT count(*) AS rows FROM a')).toMatchObject({ rows: 1_200 });
  await again.close();
}, 60_000);

test('where the thread cannot work, commits go on', async () => {
  const errors: unknown[] = [];
  const checkpoints = new Checkpoints(join(await makeFolder(), 'no', 'folder'), (error) =>
    errors.push(error),
  );
  for (let commit = 0; commit < 1_000; commit += 1) checkpoints.committed();
  await expect.poll(() => errors).toHaveLength(1);
  for (let commit = 0; commit < 1_000; commit += 1) checkpoints.committed();
  expect(checkpoints.gate).toBeUndefined();
  await checkpoints.close();
});

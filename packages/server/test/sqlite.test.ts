import { readdirSync, readFileSync } from 'node:fs';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from '../src/store/sqlite/database.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { storeContract } from './store-contract.ts';
import { fileStoreContract } from './store-contract-files.ts';
import { resetsContract } from './store-contract-resets.ts';
import { makeFolder } from './support/server.ts';

storeContract('SQLite', (folder) => openSqliteStore(folder));
resetsContract('SQLite', openSqliteStore);
fileStoreContract('SQLite', openSqliteStore);

test('migrations run once each; a newer or altered schema is refused with what to do', async () => {
  const file = join(await makeFolder(), 'a.sqlite');
  const steps = ['CREATE TABLE a (x)', 'CREATE TABLE b (x)'];
  await new Database(file, steps.slice(0, 1)).close();
  const both = new Database(file, steps);
  expect(both.all("SELECT name FROM sqlite_master WHERE name IN ('a', 'b')")).toHaveLength(2);
  await both.close();
  await new Database(file, steps).close();
  expect(() => new Database(file, steps.slice(0, 1))).toThrow(/newer Sotto.*Update/);
  expect(() => new Database(file, ['CREATE TABLE c (x)', 'CREATE TABLE b (x)'])).toThrow(/Step 1/);
});

test('only the user who runs it can read the database', async () => {
  const folder = await makeFolder();
  await chmod(folder, 0o755);
  const store = await openSqliteStore(folder);
  onTestFinished(() => store.close());
  await store.secret('s', () => 'value');
  for (const file of await readdir(folder))
    expect((await stat(join(folder, file))).mode & 0o077, file).toBe(0);
});

test('a transaction that throws leaves nothing behind', async () => {
  const db = new Database(join(await makeFolder(), 'a.sqlite'), ['CREATE TABLE a (x)']);
  const failing = () =>
    db.transaction(() => {
      db.run('INSERT INTO a VALUES (1)');
      throw new Error('halfway');
    });
  expect(failing).toThrow('halfway');
  expect(db.all('SELECT * FROM a')).toEqual([]);
  await db.close();
});

test('[attack 14] the tables have no column for anything readable but names', async () => {
  const folder = await makeFolder();
  await (await openSqliteStore(folder)).close();
  const db = new DatabaseSync(join(folder, 'sotto.sqlite'));
  const columns = db
    .prepare(
      "SELECT DISTINCT c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
    )
    .all()
    .map(({ name }) => name);
  db.close();
  expect(columns).not.toContain('text');
  expect(columns).not.toContain('title');
  expect(columns).not.toContain('password');
});

test('[D8] SQL stands in the folder of its store, which two places open: the choice of a store, and the commands that are its own', () => {
  const source = join(import.meta.dirname, '../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('store/sqlite/'),
  );
  const having = (what: RegExp) =>
    files.filter((file) => what.test(readFileSync(join(source, file), 'utf8')));
  expect(files.length).toBeGreaterThan(100);
  expect(having(/node:sqlite|\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA)\b [\w*]/)).toEqual([]);
  expect(having(/\/sqlite\//).toSorted()).toEqual(['operations/main.ts', 'store/open.ts']);
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { fileHost } from '../../src/node/file-host.ts';
import { changePassphrase, keyProtection, openFileKey } from '../../src/node/file-key.ts';
import type { Table } from '../../src/seams/storage.ts';

const root = mkdtempSync(join(tmpdir(), 'sotto-file-key-'));
const account = 'CCCCCCCCCCCCCCCCCCCCCC';
const other = 'DDDDDDDDDDDDDDDDDDDDDD';
const CANARY = 'canary-4711';
/** Slow by design, and slower on a busy machine. */
const STRETCHING = { timeout: 60_000 };
let directory: string;
let directories = 0;
beforeEach(() => {
  directory = join(root, String(++directories));
  mkdirSync(directory);
});
afterAll(() => rmSync(root, { recursive: true }));

async function put(table: Table, passphrase?: string, of = account): Promise<void> {
  const storage = await fileHost(directory, passphrase).open(of);
  await storage.transaction([table], 'write', (tx) => tx.put(table, ['a'], { secret: CANARY }));
  await storage.close();
}

async function get(table: Table, passphrase?: string, of = account): Promise<unknown> {
  const storage = await fileHost(directory, passphrase).open(of);
  try {
    return await storage.transaction([table], 'read', (tx) => tx.get(table, ['a']));
  } finally {
    await storage.close();
  }
}

/** Works on the file as somebody who has it, but not its key. */
function tamper(sql: string, of = account): void {
  const database = new DatabaseSync(join(directory, `${of}.account.sqlite`));
  database.exec(sql);
  database.close();
}

function flipLastBit(): void {
  const database = new DatabaseSync(join(directory, `${account}.account.sqlite`));
  const row = database.prepare('SELECT row FROM keys').get()?.row;
  if (!(row instanceof Uint8Array)) throw new Error('there is no row');
  row[row.length - 1] = (row.at(-1) ?? 0) ^ 1;
  database.prepare('UPDATE keys SET row = ?').run(row);
  database.close();
}

it('[attack 34] without a passphrase a key file that only its owner reads opens the rows', async () => {
  expect(keyProtection(directory)).toBe('new');
  await put('keys');
  expect(keyProtection(directory)).toBe('file');
  expect(statSync(join(directory, 'file-key.json')).mode & 0o777).toBe(0o600);
  expect(await get('keys')).toEqual({ secret: CANARY });
  expect(readdirSync(directory).filter((name) => name.startsWith('file-key'))).toEqual(['file-key.json']);
});

it.each(['keys', 'secrets', 'entries', 'outbox'] as const)(
  '[attack 34] nothing of a row of %s is readable in any file',
  async (table) => {
    const storage = await fileHost(directory).open(account);
    await storage.transaction([table], 'write', (tx) => tx.put(table, ['a'], { secret: CANARY }));
    for (const file of readdirSync(directory)) {
      expect(readFileSync(join(directory, file)).includes(CANARY), file).toBe(false);
    }
    await storage.close();
  },
);

it('[attack 34] a passphrase is needed, and only the right one opens', STRETCHING, async () => {
  await put('keys', 'correct horse');
  expect(keyProtection(directory)).toBe('passphrase');
  expect(await get('keys', 'correct horse')).toEqual({ secret: CANARY });
  await expect(get('keys')).rejects.toMatchObject({ name: 'ClientError', code: 'bad_passphrase' });
  await expect(get('keys', 'wrong horse')).rejects.toMatchObject({ code: 'bad_passphrase' });
});

it('a passphrase is taken on, changed and given up, and the rows stay', STRETCHING, async () => {
  await put('keys');
  expect(await get('keys', 'first')).toEqual({ secret: CANARY });
  expect(keyProtection(directory)).toBe('passphrase');
  await changePassphrase(directory, { from: 'first', to: 'second' });
  await expect(get('keys', 'first')).rejects.toMatchObject({ code: 'bad_passphrase' });
  await expect(changePassphrase(directory, { from: 'first', to: null })).rejects.toMatchObject({
    code: 'bad_passphrase',
  });
  await changePassphrase(directory, { from: 'second', to: null });
  expect(await get('keys')).toEqual({ secret: CANARY });
});

it('a row that was moved, changed or sealed for another account is refused', async () => {
  const broken = { name: 'StorageError', code: 'broken' };
  await put('keys');
  tamper('INSERT INTO secrets SELECT key, row FROM keys');
  await expect(get('secrets')).rejects.toMatchObject(broken);
  await put('keys', undefined, other);
  tamper(
    `ATTACH '${join(directory, `${account}.account.sqlite`)}' AS source;
    DELETE FROM keys; INSERT INTO keys SELECT key, row FROM source.keys`,
    other,
  );
  await expect(get('keys', undefined, other)).rejects.toMatchObject(broken);
  await put('keys');
  flipLastBit();
  await expect(get('keys')).rejects.toMatchObject(broken);
  tamper("UPDATE keys SET row = x'01'");
  await expect(get('keys')).rejects.toMatchObject(broken);
});

it('the same row rests as other bytes each time', async () => {
  const rows = () => {
    const database = new DatabaseSync(join(directory, `${account}.account.sqlite`));
    const row = database.prepare('SELECT hex(row) AS row FROM keys').get()?.row;
    database.close();
    return row;
  };
  await put('keys');
  const before = rows();
  await put('keys');
  expect(rows()).not.toBe(before);
});

it('two that come at once to a new directory agree on one key', async () => {
  const keys = await Promise.all([1, 2, 3, 4].map(() => openFileKey(directory, undefined)));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
});

it.each(['', '{}', '{"version":1,"protection":"file","key":"AAAA"}', '{"version":2}'])(
  'a damaged key file is told, never replaced: %j',
  async (text) => {
    writeFileSync(join(directory, 'file-key.json'), text);
    await expect(get('keys')).rejects.toMatchObject({ name: 'StorageError', code: 'broken' });
    expect(readFileSync(join(directory, 'file-key.json'), 'utf8')).toBe(text);
  },
);

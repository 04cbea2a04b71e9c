import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { asStorageError } from '../../src/node/file-errors.ts';
import { fileHost } from '../../src/node/file-host.ts';
import { encodeRow } from '../../src/node/row-encoding.ts';
import { describeStorage } from './storage-contract.ts';

const root = mkdtempSync(join(tmpdir(), 'sotto-storage-'));
const account = 'CCCCCCCCCCCCCCCCCCCCCC';
let directories = 0;
const freshDirectory = () => join(root, String(++directories), 'accounts');
afterAll(() => rmSync(root, { recursive: true }));

describeStorage('SQLite files', async () => fileHost(freshDirectory()));

describe('SQLite files', () => {
  it('only their owner can read directory and files, keys being bytes here', async () => {
    const directory = freshDirectory();
    const host = fileHost(directory);
    expect(host.keepsKeysOpaque).toBe(false);
    const storage = await host.open(account);
    await host.saveProfile({
      account,
      name: 'a',
      kind: 'guest',
      identity: new Uint8Array(32),
      lastUsed: 1,
    });
    await storage.transaction(['keys'], 'write', (transaction) => transaction.put('keys', ['device'], 1));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const files = readdirSync(directory);
    expect(files).toContain(`${account}.account.sqlite-wal`);
    for (const file of files) expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600);
    await storage.close();
  });

  it('[E3] every acknowledged transaction survives kill -9, whole', async () => {
    const directory = freshDirectory();
    const writer = spawn(execPath, [join(import.meta.dirname, 'writer-process.ts'), directory, account], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(writer, 'exit');
    let acknowledged = 0;
    for await (const line of createInterface(writer.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === 25) writer.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);
    const storage = await fileHost(directory).open(account);
    const [entries, outbox] = await storage.transaction(
      ['entries', 'outbox'],
      'read',
      async (transaction) => [
        await transaction.range<number>('entries', { prefix: ['r'] }),
        await transaction.range<number>('outbox', { prefix: ['r'] }),
      ],
    );
    await storage.close();
    expect(acknowledged).toBeGreaterThanOrEqual(25);
    expect(entries?.length).toBeGreaterThanOrEqual(acknowledged);
    expect(entries).toEqual(Array.from({ length: entries?.length ?? 0 }, (_, index) => index + 1));
    expect(outbox).toEqual(entries);
  });

  it('[E2] undoes work that awaits something foreign, where IndexedDB would commit half of it', async () => {
    const storage = await fileHost(freshDirectory()).open(account);
    const zombie = Promise.withResolvers<unknown>();
    const foreign = storage.transaction(['meta'], 'write', async (transaction) => {
      await transaction.put('meta', ['a'], 1);
      await crypto.subtle.digest('SHA-256', new Uint8Array(1_000_000));
      await transaction.put('meta', ['b'], 2).catch(zombie.resolve);
    });
    await expect(foreign).rejects.toMatchObject({ name: 'StorageError', code: 'broken' });
    expect(await zombie.promise).toMatchObject({ name: 'StorageError', code: 'broken' });
    const rows = await storage.transaction(['meta'], 'read', (transaction) =>
      transaction.range('meta', { prefix: [] }),
    );
    expect(rows).toEqual([]);
    await storage.close();
  });

  it('[E2] a transaction inside a transaction fails instead of waiting for ever', async () => {
    const storage = await fileHost(freshDirectory()).open(account);
    const nested = storage.transaction(['meta'], 'write', () =>
      storage.transaction(['meta'], 'write', (transaction) => transaction.put('meta', ['a'], 1)),
    );
    await expect(nested).rejects.toMatchObject({ name: 'StorageError', code: 'broken' });
    await storage.close();
  });

  it('refuses a key object instead of losing it', async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    expect(() => encodeRow({ key })).toThrow(/CryptoKey/);
  });

  it('writes no memory around a pooled buffer', () => {
    const pooled = Buffer.from('pooled');
    expect(pooled.buffer.byteLength).toBeGreaterThan(1_000);
    expect(encodeRow(pooled).byteLength).toBeLessThan(30);
  });

  it('leaves no deleted row in the file once it is closed', async () => {
    const directory = freshDirectory();
    const storage = await fileHost(directory).open(account);
    const write = (work: 'put' | 'delete') =>
      storage.transaction(['secrets'], 'write', async (transaction) => {
        if (work === 'put') await transaction.put('secrets', ['r', 1], 'canary-4711');
        else await transaction.delete('secrets', ['r', 1]);
      });
    await write('put');
    await write('delete');
    await storage.close();
    for (const file of readdirSync(directory)) {
      expect(readFileSync(join(directory, file)).includes('canary-4711'), file).toBe(false);
    }
  });

  it('lets no account name lead out of the directory', async () => {
    const host = fileHost(freshDirectory());
    await expect(host.open('../outside')).rejects.toThrow('account');
    await expect(host.erase('../outside')).rejects.toThrow('account');
  });

  it('says what is wrong: full, blocked, broken, gone', async () => {
    const directory = freshDirectory();
    const host = fileHost(directory);
    const small = new DatabaseSync(':memory:');
    small.exec('PRAGMA max_page_count = 3; CREATE TABLE rows (row)');
    let full: unknown;
    try {
      small.prepare('INSERT INTO rows VALUES (?)').run(new Uint8Array(100_000));
    } catch (error) {
      full = asStorageError(error);
    }
    small.close();
    expect(full).toMatchObject({ name: 'StorageError', code: 'full' });

    const storage = await host.open(account);
    await storage.close();
    writeFileSync(join(directory, `${account}.account.sqlite`), 'this is no database, only text'.repeat(50));
    await expect(host.open(account)).rejects.toMatchObject({ name: 'StorageError', code: 'broken' });
    await host.erase(account);
    await (await host.open(account)).close();

    writeFileSync(join(root, 'a-file'), '');
    await expect(fileHost(join(root, 'a-file', 'below')).open(account)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'broken',
    });
  });

  it('[E4] waits for another process, then says that it is in the way', { timeout: 15_000 }, async () => {
    const directory = freshDirectory();
    const storage = await fileHost(directory).open(account);
    const other = new DatabaseSync(join(directory, `${account}.account.sqlite`));
    other.exec('BEGIN IMMEDIATE');
    const write = () =>
      storage.transaction(['meta'], 'write', (transaction) => transaction.put('meta', ['a'], 1));
    await expect(write()).rejects.toMatchObject({ name: 'StorageError', code: 'blocked' });
    other.exec('ROLLBACK');
    other.close();
    await write();
    await storage.close();
  });
});

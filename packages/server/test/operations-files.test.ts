import { spawnSync } from 'node:child_process';
import { rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { PATHS } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { backUp, restore } from '../src/store/sqlite/backup.ts';
import { checkFolder, filesOf } from '../src/store/sqlite/backup-files.ts';
import { databaseIn } from '../src/store/sqlite/place.ts';
import { bytesOf, codeOf, fetchFile, pairWithRoom, patch, send, tus, upload } from './support/files.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random } from './support/signing.ts';

const MAIN = fileURLToPath(new URL('../src/operations/main.ts', import.meta.url));

const run = (dataDir: string, ...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { ...process.env, SOTTO_DATA: dataDir },
    encoding: 'utf8',
  });

describe('[D2] backup and restore of files', () => {
  test('taken while files come and go; restored elsewhere, every message has its files', async () => {
    const { ann, ben, room, dataDir } = await pairWithRoom();
    const first = await upload(ann, room.room, random(100_000));
    await send(ann, room, [first.file]);
    const gone = await upload(ann, room.room);
    await send(ann, room, [gone.file]);
    let going = true;
    const busy = (async () => {
      while (going) {
        const { file } = await upload(ann, room.room, random(20_000));
        await send(ann, room, [file]);
        await tus(ann, 'DELETE', PATHS.file(file));
      }
    })();
    const backup = join(await makeFolder(), 'b.sqlite');
    const report = await backUp(dataDir, backup);
    going = false;
    await busy;
    expect(report.files).toMatchObject({ problems: [] });
    expect(report.files?.files).toBeGreaterThanOrEqual(2);
    expect(statSync(filesOf(backup)).mode & 0o077).toBe(0);
    await expect(backUp(dataDir, backup)).rejects.toThrow(/exists already/);
    // What is deleted later stays in the backup.
    await tus(ann, 'DELETE', PATHS.file(gone.file));

    const elsewhere = await makeFolder();
    const restored = await restore(backup, elsewhere);
    expect(restored.report).toEqual(report);
    const server = await makeServer({ dataDir: elsewhere });
    ben.origin = server.origin;
    expect(await bytesOf(await fetchFile(ben, first.file))).toEqual(first.bytes);
    expect(await bytesOf(await fetchFile(ben, gone.file))).toEqual(gone.bytes);
    // Its own bytes from now on: deleting there leaves the backup whole.
    ann.origin = server.origin;
    expect((await tus(ann, 'DELETE', PATHS.file(first.file))).status).toBe(204);
    expect((await checkFolder(backup, filesOf(backup))).problems).toEqual([]);
  });

  test('back in the same folder: what is deleted since is there again, what came since waits for the sweep', async () => {
    const { ann, ben, room, dataDir, close } = await pairWithRoom();
    const kept = await upload(ann, room.room);
    const deleted = await upload(ann, room.room);
    await send(ann, room, [kept.file, deleted.file]);
    const backup = join(await makeFolder(), 'b.sqlite');
    await backUp(dataDir, backup);
    await tus(ann, 'DELETE', PATHS.file(deleted.file));
    const later = await upload(ann, room.room);
    await close();
    await restore(backup, dataDir);
    const server = await makeServer({ dataDir });
    for (const person of [ann, ben]) person.origin = server.origin;
    for (const { file, bytes } of [kept, deleted]) {
      expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
    }
    expect(await codeOf(await fetchFile(ann, later.file))).toBe('not_found');
    expect(statSync(join(dataDir, 'files', later.file)).size).toBe(1_000);
  });
});

describe('[M6] check', () => {
  test('finds files that are gone or cut, in the folder and in a backup, and says which', async () => {
    const { ann, ben, room, dataDir } = await pairWithRoom();
    const [lost, cut, whole] = [
      await upload(ann, room.room),
      await upload(ann, room.room),
      await upload(ann, room.room),
    ];
    await send(ann, room, [lost.file, whole.file]);
    const good = run(dataDir, 'check');
    expect([good.status, good.stdout]).toEqual([
      0,
      'All is well: 1 rooms, 2 entries, every hash chain whole; 3 files of 3000 bytes.\n',
    ]);
    rmSync(join(dataDir, 'files', lost.file));
    truncateSync(join(dataDir, 'files', cut.file), 999);
    const bad = run(dataDir, 'check');
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain(`file ${lost.file} (of entry 2) is not here`);
    expect(bad.stdout).toContain(`file ${cut.file} (not sent yet) has 999 bytes instead of 1000`);
    expect(bad.stdout).not.toContain(whole.file);
    const file = join(await makeFolder(), 'b.sqlite');
    const backup = run(dataDir, 'backup', file);
    expect([backup.status, backup.stdout]).toEqual([1, expect.stringContaining('1 files of 1000 bytes')]);
    expect(run(dataDir, 'check', file).status).toBe(1);
    // The server gives out nothing partial, and the sender can put a lost one back.
    expect(await codeOf(await fetchFile(ann, cut.file))).toBe('not_found');
    expect(await codeOf(await fetchFile(ben, lost.file))).toBe('not_found');
    const again = `/api/files?file=${lost.file}&room=${room.room}&size=1000`;
    expect((await tus(ann, 'POST', again, { headers: { 'upload-length': '1000' } })).status).toBe(201);
    expect((await patch(ann, lost.file, 0, lost.bytes)).status).toBe(204);
    expect(await bytesOf(await fetchFile(ben, lost.file))).toEqual(lost.bytes);
  });

  test('a database from before there were files has none', async () => {
    const { dataDir, close } = await pairWithRoom();
    await close();
    const db = new DatabaseSync(databaseIn(dataDir));
    db.exec('DROP TABLE files');
    db.close();
    expect(await checkFolder(databaseIn(dataDir), join(dataDir, 'files'))).toEqual({
      files: 0,
      bytes: 0,
      problems: [],
    });
  });
});

test('metrics tell how much, never whose', async () => {
  const { ann, ben, room, metricsPort } = await pairWithRoom({ metricsPort: 0 });
  const { file } = await upload(ann, room.room, random(5_000));
  await send(ann, room, [file]);
  await bytesOf(await fetchFile(ben, file, { range: 'bytes=0-999' }));
  await tus(ann, 'DELETE', PATHS.file((await upload(ann, room.room)).file));
  await codeOf(await patch(ann, file, 3, random(1)));
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  expect(text).toMatch(/^sotto_uploads_total 2$/m);
  expect(text).toMatch(/^sotto_upload_bytes_total 6000$/m);
  expect(text).toMatch(/^sotto_download_bytes_total 1000$/m);
  expect(text).toMatch(/^sotto_file_bytes 5000$/m);
  expect(text).toMatch(/^sotto_file_transfers 0$/m);
  expect(text).toMatch(/^sotto_refusals_total\{code="wrong_offset"\} 1$/m);
  expect(text).not.toContain(file);
});

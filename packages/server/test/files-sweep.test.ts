import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FileId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { databaseIn } from '../src/store/sqlite/place.ts';
import { announce, fetchFile, offsetOf, pairWithRoom, patch, send, upload } from './support/files.ts';
import { makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

const DAY = 24 * 3_600_000;

test('[M6] orphans go after seven days: unfinished, finished and never sent, bytes nobody knows; nothing else', async () => {
  const { ann, ben, room, dataDir, close } = await pairWithRoom();
  const folder = join(dataDir, 'files');
  const { file: kept } = await upload(ann, room.room);
  await send(ann, room, [kept]);
  const { file: unsent } = await upload(ann, room.room);
  const half = randomId<FileId>();
  await announce(ann, { room: room.room, file: half, size: 10 });
  await patch(ann, half, 0, random(5));
  const [oldUnknown, newUnknown] = [randomId<FileId>(), randomId<FileId>()];
  for (const name of [oldUnknown, newUnknown, 'README']) await writeFile(join(folder, name), 'x');
  await close();

  const open = async () => {
    const server = await makeServer({ dataDir });
    for (const person of [ann, ben]) person.origin = server.origin;
    return server;
  };
  const age = (days: number) => {
    const db = new DatabaseSync(databaseIn(dataDir));
    db.prepare('UPDATE files SET touched = ?').run(Date.now() - days * DAY);
    db.close();
  };
  const old = (Date.now() - 7.1 * DAY) / 1_000;
  for (const name of [kept, unsent, half, 'README']) await utimes(join(folder, name), old, old);
  age(6.9);
  const before = await open();
  expect(await offsetOf(ann, half)).toBe(5);
  expect(await offsetOf(ann, unsent)).toBe(1_000);
  await before.close();

  age(7.1);
  await utimes(join(folder, oldUnknown), old, old);
  await open();
  await expect.poll(() => readdir(folder)).toHaveLength(3);
  expect((await readdir(folder)).sort()).toEqual(['README', kept, newUnknown].sort());
  expect((await fetchFile(ben, kept)).status).toBe(200);
  expect(await offsetOf(ann, half)).toBeUndefined();
  expect(await offsetOf(ann, kept)).toBe(1_000); // what a message holds never expires
  expect((await ann.call('GET', '/api/files')).json).toMatchObject({ used: 1_000 });
});

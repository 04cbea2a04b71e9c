import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FileId, PATHS } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { readWish, restoreWindow } from '../src/operations/restore-window.ts';
import { codeOf, pairWithRoom, patch, tus } from './support/files.ts';
import { request } from './support/person.ts';
import { letBack, makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

const restoring = async (origin: string) => (await request(origin, 'GET', PATHS.info)).json.restoring;

test('[attack 46] nothing of a backup is taken, or told of, unless the operator opened the window', async () => {
  const { ann, room, origin, dataDir } = await pairWithRoom();
  const file = randomId<FileId>();
  const headers = { 'upload-length': '100' };
  const everything = async () => [
    (await request(origin, 'POST', PATHS.restoredAccount, { body: {} })).json.code,
    (await ann.call('POST', PATHS.restoredPeople, {})).json.code,
    (await ann.call('POST', PATHS.restoredRoom(room.room), {})).json.code,
    (await ann.call('GET', PATHS.restoredRoom(room.room))).json.code,
    await codeOf(await tus(ann, 'POST', PATHS.broughtFile(file, room.room, 100, 1), { headers })),
  ];
  const shut = Array.from({ length: 5 }, () => 'restore_closed');
  expect(await restoring(origin)).toBeNull();
  expect(await everything()).toEqual(shut);

  // Another process opens and shuts it; the running server looks at each request.
  await letBack({ dataDir });
  expect(await restoring(origin)).toBeGreaterThan(Date.now());
  expect(await everything()).toEqual(['malformed', 'malformed', 'malformed', undefined, 'not_found']);
  await restoreWindow(dataDir, { do: 'close' });
  expect(await restoring(origin)).toBeNull();
  expect(await everything()).toEqual(shut);
  await restoreWindow(dataDir, { do: 'open', hours: 1, gib: 1 }, Date.now() - 3_600_001);
  expect(await everything()).toEqual(shut);
});

test('[attack 46] a file that was begun does not go on once the window is shut', async () => {
  const { ann, room, dataDir } = await pairWithRoom();
  await letBack({ dataDir });
  const file = randomId<FileId>();
  const message = room.message(ann);
  const socket = await connect(ann);
  socket.send({ t: 'send', ...message });
  const { position } = await socket.take('ack');
  const path = PATHS.broughtFile(file, room.room, 100, position);
  expect(await codeOf(await tus(ann, 'POST', path, { headers: { 'upload-length': '100' } }))).toBe(201);
  await restoreWindow(dataDir, { do: 'close' });
  expect(await codeOf(await patch(ann, file, 0, random(100)))).toBe('restore_closed');
  await letBack({ dataDir });
  expect(await codeOf(await patch(ann, file, 0, random(100)))).toBe(204);
});

test('[attack 46] the log says that it was opened and shut, and nothing of anybody', async () => {
  const lines: string[] = [];
  const logTo = { write: (line: string) => void lines.push(line) };
  const server = await makeServer({ logLevel: 'warn', logTo });
  await restoring(server.origin);
  expect(lines).toEqual([]);
  await letBack(server);
  await restoring(server.origin);
  await restoring(server.origin);
  await restoreWindow(server.dataDir, { do: 'close' });
  await restoring(server.origin);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    'people may come back from their backups',
    'nothing is taken back from backups any more',
  ]);
});

test('the operator is told how it stands, and what to say', async () => {
  const { dataDir } = await makeServer();
  const main = fileURLToPath(new URL('../src/operations/main.ts', import.meta.url));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', main, 'restore-window', ...args],
      { env: { ...process.env, SOTTO_DATA: dataDir }, encoding: 'utf8' },
    );
    return [status, stdout + stderr];
  };
  expect(run()).toEqual([0, expect.stringContaining('Closed')]);
  expect(run('--hours', '2')).toEqual([0, expect.stringContaining('may come back')]);
  expect(run()).toEqual([0, expect.stringContaining('may come back')]);
  expect(run('--close')).toEqual([0, expect.stringContaining('Closed')]);
  for (const wrong of [
    ['--hours'],
    ['--hours', '0'],
    ['--hours', '721'],
    ['--hours', '1.5'],
    ['--hours', '1', '--gib'],
    ['--hours', '1', '--gib', '0'],
    ['--close', 'now'],
    ['--open'],
  ]) {
    expect(() => readWish(wrong), wrong.join(' ')).toThrow(/--hours N/);
  }
  await expect(restoreWindow(await makeFolder(), { do: 'tell' })).rejects.toThrow(/no database/);
});

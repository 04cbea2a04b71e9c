import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FileId, PATHS } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import {
  announce,
  bytesOf,
  fetchFile,
  pairOn,
  pairWithRoom,
  patch,
  send,
  tus,
  upload,
} from './support/files.ts';
import { startProcess } from './support/process.ts';
import { member, Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

describe('[M6] [D3] a message and its files', () => {
  test('go into the log together, or not at all', async () => {
    const { ann, ben, room, origin } = await pairWithRoom();
    const other = await Room.group(ann, [ben]);
    const { file } = await upload(ann, room.room);
    const { file: elsewhere } = await upload(ann, other.room);
    const { file: bens } = await upload(ben, room.room);
    const half = randomId<FileId>();
    await announce(ann, { room: room.room, file: half, size: 10 });
    await patch(ann, half, 0, random(9));
    const head = async () => (await ann.call('GET', `${PATHS.log(room.room)}?after=0`)).json.head;
    const before = await head();
    for (const bad of [half, elsewhere, bens, randomId<FileId>()]) {
      expect(await send(ann, room, [file, bad])).toBe('file_missing');
    }
    expect(await head()).toBe(before);
    expect((await fetchFile(ben, file)).status).toBe(404); // nothing was bound on the way
    expect(await send(ann, room, [file])).toBe(before + 1);
    expect((await fetchFile(ben, file)).status).toBe(200);
    expect(await send(ann, room, [file])).toBe('file_missing'); // it is another message's now
    expect(origin).toBe(ann.origin);
  });

  test('a retry gets its first answer, whatever became of its files', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const { file } = await upload(ann, room.room);
    const message = room.message(ann);
    expect(await send(ann, room, [file], message)).toBe(2);
    expect(await send(ann, room, [file], message)).toBe(2);
    await tus(ann, 'DELETE', PATHS.file(file));
    expect(await send(ann, room, [file], message)).toBe(2);
    const { json } = await ben.call('GET', `${PATHS.log(room.room)}?after=1`);
    expect(json.entries).toHaveLength(1);
  });

  test('refused with file_missing, the same message goes through once the file is here', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const [file, bytes] = [randomId<FileId>(), random(100)];
    const message = room.message(ann);
    expect(await send(ann, room, [file], message)).toBe('file_missing');
    await upload(ann, room.room, bytes, file);
    expect(await send(ann, room, [file], message)).toBe(2);
    expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
  });

  test('[R5] a stale epoch binds nothing: encrypted again, the message takes its files along', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const { file } = await upload(ann, room.room);
    const stale = room.message(ann);
    await room.commit(ann, { members: [member(ann, 'admin'), member(ben)] });
    expect(await send(ann, room, [file], stale)).toBe('stale_epoch');
    expect((await fetchFile(ben, file)).status).toBe(404);
    expect(await send(ann, room, [file])).toBe(3);
    expect((await fetchFile(ben, file)).status).toBe(200);
  });

  test('two messages that want one file, in one commit: the first has it', async () => {
    const { ann, room } = await pairWithRoom();
    const { file } = await upload(ann, room.room);
    const socket = await connect(ann);
    const [first, second] = [room.message(ann), room.message(ann)];
    socket.send({ t: 'send', ...first, files: [file, file] });
    socket.send({ t: 'send', ...second, files: [file] });
    expect((await socket.take('ack')).id).toBe(first.id);
    expect(await socket.take('refused')).toMatchObject({ code: 'file_missing', id: second.id });
  });

  test('[D2] kill -9 right after the acknowledgement: message and files are there', async () => {
    const dataDir = await makeFolder();
    const { child, exited, origin } = await startProcess(dataDir);
    const { ann, ben, room } = await pairOn(origin);
    const { file, bytes } = await upload(ann, room.room, random(200_000));
    expect(await send(ann, room, [file])).toBe(2);
    child.kill('SIGKILL');
    await exited;
    const again = await makeServer({ dataDir });
    ben.origin = again.origin;
    expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
  });
});

test('[attack 14] the canary: what a file is, and who it is for, reaches neither disk nor log', async () => {
  const lines: string[] = [];
  const logTo = { write: (line: string) => void lines.push(line) };
  const { ann, ben, room, dataDir } = await pairWithRoom({ logLevel: 'debug', logTo });
  const canary = 'CANARY-holiday.jpg';
  const metadata = `filename ${Buffer.from(canary).toString('base64')}`;
  const file = randomId<FileId>();
  // A client that would tell is refused before anything of it is kept.
  const told = await announce(ann, {
    room: room.room,
    file,
    size: 10,
    headers: { 'upload-metadata': metadata },
  });
  expect(told.status).toBe(400);
  await upload(ann, room.room, random(50_000), file);
  await send(ann, room, [file]);
  await bytesOf(await fetchFile(ben, file));
  await tus(ann, 'DELETE', PATHS.file(file));
  const log = lines.join('');
  expect(log).toContain('/api/files/:file');
  for (const secret of [canary, metadata, file, ann.account, room.room, '127.0.0.1']) {
    expect(log).not.toContain(secret);
  }
  for (const name of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
    const path = join(dataDir, name);
    expect(name).not.toContain('CANARY');
    if (statSync(path).isFile()) expect(readFileSync(path).includes('CANARY'), name).toBe(false);
  }
});

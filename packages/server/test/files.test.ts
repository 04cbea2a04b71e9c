import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileId, LIMITS, PATHS, type RoomId } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import {
  announce,
  bytesOf,
  codeOf,
  fetchFile,
  offsetOf,
  pairWithRoom,
  patch,
  send,
  tus,
  upload,
} from './support/files.ts';
import { Person, request } from './support/person.ts';
import { member, Room } from './support/room.ts';
import { newGroupId, random, randomId } from './support/signing.ts';

describe('[M6] uploading and fetching', () => {
  test('announced, sent in two pieces, bound to a message, fetched by the other', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const [file, bytes] = [randomId<FileId>(), random(300_000)];
    const made = await announce(ann, { room: room.room, file, size: bytes.length });
    expect([made.status, made.headers.get('location')]).toEqual([201, PATHS.file(file)]);
    expect(made.headers.get('upload-expires')).toBeTruthy();
    expect(await offsetOf(ann, file)).toBe(0);
    expect((await patch(ann, file, 0, bytes.slice(0, 100_000))).status).toBe(204);
    expect(await offsetOf(ann, file)).toBe(100_000);
    expect(await codeOf(await fetchFile(ann, file))).toBe('not_found'); // nothing partial is ever given out
    const rest = await patch(ann, file, 100_000, bytes.slice(100_000));
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, '300000']);

    expect(await codeOf(await fetchFile(ben, file))).toBe('not_found'); // not sent yet
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
    await send(ann, room, [file]);
    const got = await fetchFile(ben, file);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': '300000',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await bytesOf(got)).toEqual(bytes);
  });

  test('announced again the same way: the same answer, and what arrived stays; otherwise refused', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const other = await Room.group(ann, [ben]);
    const [file, bytes] = [randomId<FileId>(), random(5_000)];
    const asked = { room: room.room, file, size: bytes.length };
    const twice = await Promise.all([announce(ann, asked), announce(ann, asked)]);
    expect(twice.map(({ status }) => status)).toEqual([201, 201]);
    await patch(ann, file, 0, bytes.slice(0, 2_000));
    const again = await announce(ann, asked);
    expect([again.status, again.headers.get('location')]).toEqual([201, PATHS.file(file)]);
    expect(await offsetOf(ann, file)).toBe(2_000);
    for (const change of [{ size: 5_001 }, { room: other.room }]) {
      expect(await codeOf(await announce(ann, { ...asked, ...change }))).toBe('id_reused');
    }
    expect(await codeOf(await announce(ben, asked))).toBe('id_reused');
    expect((await patch(ann, file, 2_000, bytes.slice(2_000))).status).toBe(204);
    expect((await announce(ann, asked)).status).toBe(201);
    expect(await offsetOf(ann, file)).toBe(5_000);
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });

  test('[attack 29] bytes in the wrong place, beyond the end, or without their form are refused', async () => {
    const { ann, room } = await pairWithRoom();
    const file = randomId<FileId>();
    await announce(ann, { room: room.room, file, size: 1_000 });
    expect((await patch(ann, file, 0, random(400))).status).toBe(204);
    for (const offset of [0, 399, 401, 1_000]) {
      expect(await codeOf(await patch(ann, file, offset, random(100)))).toBe('wrong_offset');
    }
    expect(await codeOf(await patch(ann, file, 400, random(601)))).toBe('too_large');
    expect(await codeOf(await patch(ann, file, 400, random(1), { 'content-type': 'text/plain' }))).toBe(
      'malformed',
    );
    const version = await patch(ann, file, 400, random(1), { 'tus-resumable': '0.2.0' });
    expect(await codeOf(version)).toBe('unknown_version');
    const none = await fetch(ann.origin + PATHS.file(file), { method: 'PATCH', body: random(10) });
    expect(await codeOf(none)).toBe('unauthenticated');
    expect(await offsetOf(ann, file)).toBe(400);
    const bytes = random(600);
    expect((await patch(ann, file, 400, bytes)).status).toBe(204);
    expect((await bytesOf(await fetchFile(ann, file))).slice(400)).toEqual(bytes);
    // Complete is complete: not one byte more, none in its place.
    expect(await codeOf(await patch(ann, file, 1_000, random(1)))).toBe('too_large');
    expect(await codeOf(await patch(ann, file, 0, random(1)))).toBe('wrong_offset');
  });

  test('what the address says has to hold; names and types have no place in a request', async () => {
    const { ann, room } = await pairWithRoom();
    const good = { room: room.room, file: randomId<FileId>(), size: 100 };
    const create = (path: string, headers: Record<string, string> = {}) =>
      tus(ann, 'POST', path, { headers: { 'upload-length': '100', ...headers } });
    for (const path of [
      PATHS.files,
      `${PATHS.files}?file=x&room=${good.room}&size=100`,
      `${PATHS.files}?file=${good.file}&room=${good.room}&size=-1`,
      PATHS.newFile(good.file, '../../etc' as RoomId, 100),
      PATHS.newFile(good.file, good.room, 101),
      PATHS.newFile(good.file, good.room, 0),
    ]) {
      expect(await codeOf(await create(path)), path).toBe('malformed');
    }
    const path = PATHS.newFile(good.file, good.room, 100);
    expect(await codeOf(await create(path, { 'upload-metadata': 'filename c2VjcmV0' }))).toBe('malformed');
    expect(await codeOf(await create(path, { 'upload-defer-length': '1' }))).toBe('malformed');
    expect(await codeOf(await create(path, { 'upload-concat': 'partial' }))).toBe('malformed');
    expect(await codeOf(await create(path, { 'tus-resumable': '0.2.2' }))).toBe('unknown_version');
    expect(await codeOf(await tus(ann, 'GET', '/api/files/..%2f..%2fsotto.sqlite'))).toBe('malformed');
    expect(await codeOf(await tus(ann, 'DELETE', PATHS.file(good.file)))).toBe('not_found');
    expect((await announce(ann, good)).status).toBe(201);
  });

  test('[attack 36] a proof serves once, for its method and its file', async () => {
    const { ann, room, origin } = await pairWithRoom();
    const { file } = await upload(ann, room.room);
    const proof = await ann.proof('GET', PATHS.file(file), '');
    const ask = (method: string, path: string) =>
      fetch(origin + path, { method, headers: { 'sotto-proof': proof, 'tus-resumable': '1.0.0' } });
    expect(await codeOf(await ask('DELETE', PATHS.file(file)))).toBe('unauthenticated');
    expect(await codeOf(await ask('GET', PATHS.file(randomId())))).toBe('unauthenticated');
    expect((await ask('GET', PATHS.file(file))).status).toBe(200);
    expect(await codeOf(await ask('GET', PATHS.file(file)))).toBe('replayed');
  });
});

describe('[M6] ranges', () => {
  test('a single range gives exactly these bytes', async () => {
    const { ann, room } = await pairWithRoom();
    const { file, bytes } = await upload(ann, room.room, random(10_000));
    for (const [asked, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=100-199', 100, 200],
      ['bytes=9000-', 9_000, 10_000],
      ['bytes=9999-20000', 9_999, 10_000],
      ['bytes=-10', 9_990, 10_000],
      ['bytes=-20000', 0, 10_000],
    ] as const) {
      const answer = await fetchFile(ann, file, { range: asked });
      expect([answer.status, answer.headers.get('content-range')], asked).toEqual([
        206,
        `bytes ${start}-${end - 1}/10000`,
      ]);
      expect(await bytesOf(answer), asked).toEqual(bytes.slice(start, end));
    }
    for (const asked of ['bytes=10000-', 'bytes=-0']) {
      const answer = await fetchFile(ann, file, { range: asked });
      expect([answer.status, answer.headers.get('content-range')], asked).toEqual([416, 'bytes */10000']);
      await answer.arrayBuffer();
    }
    for (const asked of ['bytes=0-1,5-6', 'bytes=5-1', 'lines=1-2', 'bytes=-', 'bytes=a-b']) {
      const answer = await fetchFile(ann, file, { range: asked });
      expect([answer.status, (await bytesOf(answer)).length], asked).toEqual([200, 10_000]);
    }
    const stale = await fetchFile(ann, file, { range: 'bytes=0-0', 'if-range': '"x"' });
    expect((await bytesOf(stale)).length).toBe(10_000);
  });
});

describe('[M6] [attack 22] who may fetch', () => {
  test('members; who is out, up to where it went; nobody else, alike whether the file exists', async () => {
    const { ann, ben, room, origin } = await pairWithRoom();
    const stranger = await Person.guest(origin);
    const { file: before } = await upload(ann, room.room);
    await send(ann, room, [before]);
    const removal = await room.commit(ann, { members: [member(ann, 'admin')] });
    expect(removal.status).toBe(201);
    const { file: after } = await upload(ann, room.room);
    await send(ann, room, [after]);

    expect((await fetchFile(ben, before)).status).toBe(200);
    const none = await fetchFile(stranger, randomId<FileId>());
    const answers = [
      await fetchFile(ben, after),
      await fetchFile(stranger, after),
      await fetchFile(stranger, before),
    ];
    const body = await none.text();
    for (const answer of answers) expect([answer.status, await answer.text()]).toEqual([none.status, body]);
    expect((await fetchFile(ann, after)).status).toBe(200);

    // Back again, it sees what came meanwhile only as far as it gets the keys; the bytes are of a room it is in.
    await room.commit(ann, { members: [member(ann, 'admin'), member(ben)] });
    expect((await fetchFile(ben, after)).status).toBe(200);
  });

  test('only members upload into a room; only the uploading account sees how far it is, or goes on', async () => {
    const { ann, ben, room, origin } = await pairWithRoom();
    const stranger = await Person.guest(origin);
    const file = randomId<FileId>();
    const asked = { room: room.room, file, size: 100 };
    expect(await codeOf(await announce(stranger, asked))).toBe('not_member');
    expect(await codeOf(await announce(ann, { ...asked, room: newGroupId() }))).toBe('not_member');
    await announce(ann, asked);
    for (const person of [ben, stranger]) {
      expect((await tus(person, 'HEAD', PATHS.file(file))).status).toBe(404);
      expect(await codeOf(await patch(person, file, 0, random(100)))).toBe('not_found');
      expect(await codeOf(await tus(person, 'DELETE', PATHS.file(file)))).toBe('not_found');
    }
    // Who is removed halfway does not go on.
    const late = randomId<FileId>();
    await announce(ben, { ...asked, file: late });
    await patch(ben, late, 0, random(50));
    await room.commit(ann, { members: [member(ann, 'admin')] });
    expect(await codeOf(await patch(ben, late, 50, random(50)))).toBe('not_member');
    expect((await tus(ben, 'DELETE', PATHS.file(late))).status).toBe(204);
    // Another device of the account goes on.
    const second = await ann.makeDevice();
    await ann.setDevices(ann.first, second);
    const path = PATHS.file(file);
    const headers = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
    const other = await tus(ann, 'PATCH', path, { headers, body: random(100), device: second });
    expect(other.status).toBe(204);
  });
});

describe('[M6] deleting', () => {
  test('by the uploading account: row, bytes and quota are free; asked again: not there', async () => {
    const { ann, ben, room, dataDir } = await pairWithRoom();
    const { file } = await upload(ann, room.room, random(1_000));
    const half = randomId<FileId>();
    await announce(ann, { room: room.room, file: half, size: 500 });
    await patch(ann, half, 0, random(100));
    await send(ann, room, [file]);
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: 1_500 });
    expect(await codeOf(await tus(ben, 'DELETE', PATHS.file(file)))).toBe('not_found');
    for (const one of [file, half]) {
      expect((await tus(ann, 'DELETE', PATHS.file(one))).status).toBe(204);
      expect(await codeOf(await tus(ann, 'DELETE', PATHS.file(one)))).toBe('not_found');
      expect(await codeOf(await fetchFile(ben, one))).toBe('not_found');
    }
    expect(await readdir(join(dataDir, 'files'))).toEqual([]);
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: 0 });
  });
});

describe('[attack 37] quotas, said before any byte', () => {
  test('per file and per account', async () => {
    const { ann, ben, room, origin } = await pairWithRoom({ files: { limit: 1_000, accountQuota: 2_500 } });
    expect((await request(origin, 'GET', PATHS.info)).json.fileLimit).toBe(1_000);
    expect((await ann.call('GET', PATHS.files)).json).toEqual({
      used: 0,
      quota: 2_500,
      limit: 1_000,
      parts: 8,
    });
    const make = async (size: number) =>
      codeOf(await announce(ann, { room: room.room, file: randomId<FileId>(), size }));
    expect(await make(1_001)).toBe('too_large');
    expect([await make(1_000), await make(1_000), await make(501), await make(500)]).toEqual([
      201,
      201,
      'quota',
      201,
    ]);
    expect(await make(1)).toBe('quota');
    await upload(ben, room.room, random(1_000)); // others have their own
  });

  test('per server: what has arrived counts, announcements alone keep nobody out', async () => {
    const { ann, ben, room } = await pairWithRoom({ files: { quota: 3_000 } });
    const ask = (person: Person, size: number, file = randomId<FileId>()) =>
      announce(person, { room: room.room, file, size }).then(codeOf);
    const files = Array.from({ length: 5 }, () => randomId<FileId>());
    for (const file of files) expect(await ask(ann, 2_000, file)).toBe(201);
    expect(await ask(ben, 3_001)).toBe('quota');
    const { file } = await upload(ben, room.room, random(2_000));
    expect(await codeOf(await patch(ann, files[0] as FileId, 0, random(2_000)))).toBe('quota');
    expect(await offsetOf(ann, files[0] as FileId)).toBe(0);
    await tus(ben, 'DELETE', PATHS.file(file));
    expect((await patch(ann, files[0] as FileId, 0, random(2_000))).status).toBe(204);
  });

  test('the disk keeps its reserve; unfinished uploads of an account are bounded; 0 takes no files at all', async () => {
    const full = await pairWithRoom({ files: { keepFree: Number.MAX_SAFE_INTEGER } });
    const size = 100;
    const asked = () => ({ room: full.room.room, file: randomId<FileId>(), size });
    expect(await codeOf(await announce(full.ann, asked()))).toBe('quota');

    const few = await pairWithRoom({ files: { unfinished: 2 } });
    const ask = () => announce(few.ann, { room: few.room.room, file: randomId<FileId>(), size }).then(codeOf);
    expect([await ask(), await ask(), await ask()]).toEqual([201, 201, 'limit']);

    const none = await pairWithRoom({ files: { limit: 0 } });
    expect((await request(none.origin, 'GET', PATHS.info)).json.fileLimit).toBe(0);
    const room = none.room.room;
    expect(await codeOf(await announce(none.ann, { room, file: randomId<FileId>(), size }))).toBe(
      'too_large',
    );
  });
});

test('[D3] [M6] no message names more files than allowed, or what are no files', async () => {
  const { ann, room } = await pairWithRoom();
  const { file } = await upload(ann, room.room);
  const many = Array.from({ length: LIMITS.files + 1 }, () => file);
  for (const files of [[], many, ['x'], 'x'] as unknown[]) {
    expect(await send(ann, room, files as FileId[])).toBe('malformed');
  }
  expect(await send(ann, room, [file])).toBeTypeOf('number');
});

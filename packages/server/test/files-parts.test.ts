import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FileId, PATHS, type RoomId } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { backUp } from '../src/store/sqlite/backup.ts';
import { databaseIn } from '../src/store/sqlite/place.ts';
import {
  announce,
  bytesOf,
  codeOf,
  fetchFile,
  offsetOf,
  pairOn,
  pairWithRoom,
  patch,
  send,
  tus,
} from './support/files.ts';
import { Person } from './support/person.ts';
import { startProcess } from './support/process.ts';
import { member, Room } from './support/room.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

const SIZE = 300_000;

interface Plan {
  readonly room: RoomId;
  readonly file: FileId;
  readonly size: number;
  readonly parts: readonly { readonly part: FileId; readonly from: number; readonly to: number }[];
}

const plan = (room: RoomId, cuts: readonly number[] = [0, 100_000, 200_000, SIZE]): Plan => ({
  room,
  file: randomId<FileId>(),
  size: cuts.at(-1) ?? 0,
  parts: cuts.slice(1).map((to, index) => ({ part: randomId<FileId>(), from: cuts[index] ?? 0, to })),
});

const announcePart = (
  person: Person,
  { room, file, size }: Omit<Plan, 'parts'>,
  part: Plan['parts'][number],
  headers: Record<string, string> = {},
) =>
  tus(person, 'POST', PATHS.newPart(file, room, size, part), {
    headers: { 'upload-length': String(part.to - part.from), 'upload-concat': 'partial', ...headers },
  });

const joining = (
  person: Person,
  { room, file, size, parts }: Plan,
  header = `final;${parts.map(({ part }) => PATHS.file(part)).join(' ')}`,
) => tus(person, 'POST', PATHS.newFile(file, room, size), { headers: { 'upload-concat': header } });

async function announceAll(person: Person, asked: Plan): Promise<void> {
  for (const part of asked.parts) expect((await announcePart(person, asked, part)).status).toBe(201);
}

/** All parts at once. */
async function bring(person: Person, asked: Plan, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const answers = asked.parts.map(({ part, from, to }) => patch(person, part, 0, bytes.slice(from, to)));
  for (const answer of await Promise.all(answers)) expect(answer.status).toBe(204);
}

describe('[M6] a file in parts, side by side', () => {
  test('announced, brought, joined, bound, fetched with ranges across its parts; nothing is copied', async () => {
    const { ann, ben, room, dataDir } = await pairWithRoom();
    const [asked, bytes] = [plan(room.room), random(SIZE)];
    const made = await announcePart(ann, asked, asked.parts[2] as Plan['parts'][number]);
    const last = asked.parts[2]?.part as FileId;
    expect([made.status, made.headers.get('location')]).toEqual([201, PATHS.file(last)]);
    await announceAll(ann, asked);
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: SIZE, parts: 8 }); // once
    await bring(ann, asked, bytes);
    const before = await stat(join(dataDir, 'files', asked.file));
    expect(await readdir(join(dataDir, 'files'))).toEqual([asked.file]);
    const joined = await joining(ann, asked);
    expect([joined.status, joined.headers.get('location')]).toEqual([201, PATHS.file(asked.file)]);
    expect((await joining(ann, asked)).status).toBe(201); // a lost answer costs nothing
    expect((await stat(join(dataDir, 'files', asked.file))).ino).toBe(before.ino);
    const head = await tus(ann, 'HEAD', PATHS.file(asked.file));
    expect(head.headers.get('upload-offset')).toBe(String(SIZE));
    expect(head.headers.get('upload-concat')).toBe(
      `final;${asked.parts.map(({ part }) => PATHS.file(part)).join(' ')}`,
    );
    expect(await send(ann, room, [asked.file])).toBeTypeOf('number');
    expect(await bytesOf(await fetchFile(ben, asked.file))).toEqual(bytes);
    const across = await fetchFile(ben, asked.file, { range: 'bytes=99990-200009' });
    expect(await bytesOf(across)).toEqual(bytes.slice(99_990, 200_010));
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: SIZE });
    expect((await tus(ann, 'DELETE', PATHS.file(asked.file))).status).toBe(204);
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: 0 });
    expect(await readdir(join(dataDir, 'files'))).toEqual([]);
    for (const { part } of asked.parts) expect(await offsetOf(ann, part)).toBeUndefined();
  });

  test('[attack 35] parts are no files: not fetched, not bound, not deleted, seen by their account alone', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const [asked, bytes] = [plan(room.room), random(SIZE)];
    await announceAll(ann, asked);
    await bring(ann, asked, bytes);
    const all = [asked.file, ...asked.parts.map(({ part }) => part)];
    for (const file of all) {
      for (const person of [ann, ben]) {
        expect(await codeOf(await fetchFile(person, file))).toBe('not_found');
        expect(await send(person, room, [file])).toBe('file_missing');
      }
      expect(await codeOf(await patch(ben, file, 0, random(1)))).toBe('not_found');
      expect(await offsetOf(ben, file)).toBeUndefined();
      expect(await codeOf(await tus(ben, 'DELETE', PATHS.file(file)))).toBe('not_found');
    }
    expect(await codeOf(await patch(ann, asked.file, 0, random(1)))).toBe('not_found');
    expect((await tus(ann, 'HEAD', PATHS.file(asked.file))).status).toBe(404);
    expect(await codeOf(await tus(ann, 'DELETE', PATHS.file(all[1] as FileId)))).toBe('not_found');
    const head = await tus(ann, 'HEAD', PATHS.file(all[1] as FileId));
    expect([head.status, head.headers.get('upload-concat')]).toEqual([200, 'partial']);
    expect((await joining(ann, asked)).status).toBe(201);
    expect(await send(ann, room, [all[1] as FileId])).toBe('file_missing');
    expect(await codeOf(await fetchFile(ann, all[1] as FileId))).toBe('not_found');
    expect(await codeOf(await patch(ann, all[1] as FileId, 100_000, random(1)))).toBe('too_large');
    expect(await send(ann, room, [asked.file])).toBeTypeOf('number');
  });

  test('[attack 35] a forged final: only all parts of this file, complete, each once, in their order', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const [asked, other, bytes] = [plan(room.room), plan(room.room), random(SIZE)];
    const list = (ids: readonly FileId[]) => `final;${ids.map((id) => PATHS.file(id)).join(' ')}`;
    const [first, second, third] = asked.parts.map(({ part }) => part) as [FileId, FileId, FileId];
    await announceAll(ann, asked);
    await announceAll(ann, other);
    await bring(ann, other, random(SIZE));
    const final = async (header: string, by = ann, change: Partial<Plan> = {}) =>
      codeOf(await joining(by, { ...asked, ...change }, header));
    expect(await final(list([first, second, third]))).toBe('wrong_offset'); // nothing is here
    await bring(ann, { ...asked, parts: asked.parts.slice(0, 2) }, bytes);
    expect(await final(list([first, second, third]))).toBe('wrong_offset');
    expect(await final(list([first, second]))).not.toBe(201);
    await bring(ann, { ...asked, parts: asked.parts.slice(2) }, bytes);
    const foreign = other.parts[2]?.part as FileId;
    for (const ids of [[first, second], [second, first, third], [first, second, foreign], [third]]) {
      expect(await final(list(ids)), ids.join()).toBe('malformed');
    }
    const many = Array.from({ length: 9 }, () => randomId<FileId>());
    const wild = [
      'final;',
      'final; ',
      'final;x',
      `final;/api/files/../${first}`,
      list(many),
      list([first, first, third]),
    ];
    for (const header of wild) expect(await final(header), header).toBe('malformed');
    const right = list([first, second, third]);
    expect(await final(right, ben)).toBe('not_found');
    expect(await final(right, ann, { file: randomId<FileId>() })).toBe('not_found');
    expect(await final(right, ann, { size: SIZE + 1 })).toBe('id_reused');
    const elsewhere = await Room.group(ann, [ben]);
    expect(await final(right, ann, { room: elsewhere.room })).toBe('id_reused');
    expect(await codeOf(await fetchFile(ann, asked.file))).toBe('not_found');
    expect(await final(right)).toBe(201);
    expect(await bytesOf(await fetchFile(ann, asked.file))).toEqual(bytes);
  });

  test('[attack 29] parts that overlap, lie outside, are too many, or are something else already are refused', async () => {
    const { ann, ben, room, origin } = await pairWithRoom();
    const asked = plan(room.room);
    const [first] = asked.parts as [Plan['parts'][number]];
    const ask = async (change: Partial<typeof first>, by = ann, headers = {}) =>
      codeOf(await announcePart(by, asked, { ...first, part: randomId<FileId>(), ...change }, headers));
    expect(await ask({ from: 200_000, to: SIZE + 1 })).toBe('malformed');
    expect(await ask({ from: 10, to: 10 })).toBe('malformed');
    expect(await ask({}, ann, { 'upload-length': '5' })).toBe('malformed');
    expect(await ask({}, ann, { 'upload-concat': 'whole' })).toBe('malformed');
    expect(await ask({}, await Person.guest(origin))).toBe('not_member');
    expect(await ask({ part: asked.file })).toBe('id_reused');
    expect(await ask(first)).toBe(201);
    expect(await ask(first)).toBe(201);
    expect(await ask(first, ben)).toBe('id_reused');
    expect(await ask({ from: 99_999, to: 100_001 })).toBe('id_reused');
    expect(await ask({ part: first.part, from: 100_000, to: 200_000 })).toBe('id_reused');
    for (const file of [asked.file, first.part]) {
      expect(await codeOf(await announce(ann, { ...asked, file }))).toBe('id_reused');
    }
    const whole = randomId<FileId>();
    expect((await announce(ann, { room: room.room, file: whole, size: SIZE })).status).toBe(201);
    expect(
      await codeOf(await announcePart(ann, { ...asked, file: whole }, { ...first, part: randomId() })),
    ).toBe('id_reused');
    for (let at = 1; at < 8; at += 1) expect(await ask({ from: 100_000 + at, to: 100_001 + at })).toBe(201);
    expect(await ask({ from: 200_000, to: SIZE })).toBe('limit');
    // No byte of a part gets behind its end, where another one stands.
    expect(await codeOf(await patch(ann, first.part, 0, random(100_001)))).toBe('too_large');
  });

  test('[attack 37] the room of all of it is taken with the first part; who is removed brings nothing more', async () => {
    const { ann, ben, room } = await pairWithRoom({ files: { accountQuota: SIZE, limit: SIZE } });
    const asked = plan(room.room);
    await announceAll(ann, asked);
    expect(await codeOf(await announce(ann, { room: room.room, file: randomId(), size: 1 }))).toBe('quota');
    const big = plan(room.room, [0, 10, SIZE + 1]);
    expect(await codeOf(await announcePart(ann, big, big.parts[0] as Plan['parts'][number]))).toBe(
      'too_large',
    );
    expect((await tus(ann, 'DELETE', PATHS.file(asked.file))).status).toBe(204);
    const late = plan(room.room);
    await announceAll(ben, late);
    await bring(ben, { ...late, parts: late.parts.slice(0, 2) }, random(SIZE));
    const [, , last] = late.parts as [unknown, unknown, Plan['parts'][number]];
    expect((await patch(ben, last.part, 0, random(50_000))).status).toBe(204);
    await room.commit(ann, { members: [member(ann, 'admin')] });
    expect(await codeOf(await patch(ben, last.part, 50_000, random(50_000)))).toBe('not_member');
    expect(await codeOf(await joining(ben, late))).toBe('not_member');
    expect((await tus(ben, 'DELETE', PATHS.file(late.file))).status).toBe(204);
  });
});

describe('[D2] parts across a crash', () => {
  /** The same people at the server that runs on this folder now. */
  async function restarted(dataDir: string, ...people: Person[]) {
    const server = await makeServer({ dataDir });
    for (const person of people) person.origin = server.origin;
    return server;
  }

  test('kill -9: each part goes on where the server said it stood; a final asked before is asked again', async () => {
    const dataDir = await makeFolder();
    const { child, exited, origin } = await startProcess(dataDir);
    const { ann, ben, room } = await pairOn(origin);
    const [asked, done, bytes] = [plan(room.room), plan(room.room), random(SIZE)];
    for (const each of [asked, done]) await announceAll(ann, each);
    await bring(ann, done, bytes);
    const stood = [50_000, 0, 100_000];
    for (const [index, { part, from }] of asked.parts.entries()) {
      const piece = bytes.slice(from, from + (stood[index] ?? 0));
      if (piece.length > 0) expect((await patch(ann, part, 0, piece)).status).toBe(204);
    }
    child.kill('SIGKILL');
    await exited;
    await restarted(dataDir, ann, ben);
    expect(await Promise.all(asked.parts.map(({ part }) => offsetOf(ann, part)))).toEqual(stood);
    expect(await codeOf(await joining(ann, asked))).toBe('wrong_offset');
    for (const [index, { part, from, to }] of asked.parts.slice(0, 2).entries()) {
      const at = stood[index] ?? 0;
      expect((await patch(ann, part, at, bytes.slice(from + at, to))).status).toBe(204);
    }
    for (const each of [asked, done]) {
      expect((await joining(ann, each)).status).toBe(201);
      expect(await send(ann, room, [each.file])).toBeTypeOf('number');
      expect(await bytesOf(await fetchFile(ben, each.file))).toEqual(bytes);
    }
  });

  test('the folder was lost: no part seems to be here because another was written behind it', async () => {
    const { ann, room, dataDir } = await pairWithRoom();
    const [asked, bytes] = [plan(room.room), random(SIZE)];
    await announceAll(ann, asked);
    await bring(ann, { ...asked, parts: asked.parts.slice(0, 2) }, bytes);
    await rm(join(dataDir, 'files', asked.file));
    const [first, second, third] = asked.parts as [
      Plan['parts'][number],
      Plan['parts'][number],
      Plan['parts'][number],
    ];
    expect(await codeOf(await patch(ann, third.part, 0, bytes.slice(third.from)))).toBe('not_found');
    await announceAll(ann, asked); // what a client does then
    expect((await patch(ann, third.part, 0, bytes.slice(third.from))).status).toBe(204);
    for (const { part } of [first, second]) expect(await offsetOf(ann, part)).toBe(0);
    expect(await codeOf(await joining(ann, asked))).toBe('wrong_offset');
    await bring(ann, { ...asked, parts: [first, second] }, bytes);
    expect((await joining(ann, asked)).status).toBe(201);
    expect(await bytesOf(await fetchFile(ann, asked.file))).toEqual(bytes);
  });

  test('orphans go as one after seven days, not while any part moves; backup and check know only the file', async () => {
    const { ann, room, dataDir, close } = await pairWithRoom();
    const [kept, left, bytes] = [plan(room.room), plan(room.room), random(SIZE)];
    for (const each of [kept, left]) await announceAll(ann, each);
    await bring(ann, kept, bytes);
    await bring(ann, { ...left, parts: left.parts.slice(0, 2) }, bytes);
    expect((await joining(ann, kept)).status).toBe(201);
    expect(await send(ann, room, [kept.file])).toBeTypeOf('number');
    await close();
    const copy = join(await makeFolder(), 'b.sqlite');
    expect((await backUp(dataDir, copy)).files).toEqual({ files: 1, bytes: SIZE, problems: [] });
    expect(await readdir(`${copy}.files`)).toEqual([kept.file]);

    const age = (days: number) => {
      const db = new DatabaseSync(databaseIn(dataDir));
      db.prepare('UPDATE files SET touched = ?').run(Date.now() - days * 24 * 3_600_000);
      db.close();
    };
    age(6.9);
    const before = await restarted(dataDir, ann);
    const [first, , last] = left.parts as [Plan['parts'][number], unknown, Plan['parts'][number]];
    expect((await patch(ann, last.part, 0, random(1))).status).toBe(204);
    await before.close();
    const young = await restarted(dataDir, ann);
    expect(await offsetOf(ann, first.part)).toBe(100_000);
    await young.close();
    age(7.1);
    await restarted(dataDir, ann);
    await expect.poll(() => readdir(join(dataDir, 'files'))).toEqual([kept.file]);
    for (const { part } of left.parts) expect(await offsetOf(ann, part)).toBeUndefined();
    expect(await bytesOf(await fetchFile(ann, kept.file))).toEqual(bytes);
    expect((await ann.call('GET', PATHS.files)).json).toMatchObject({ used: SIZE });
  });
});

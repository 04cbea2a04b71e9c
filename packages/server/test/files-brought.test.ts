import { type FileId, PATHS, type RoomId } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { bytesOf, codeOf, fetchFile, pairWithRoom, patch, send, tus, upload } from './support/files.ts';
import { Person } from './support/person.ts';
import { member } from './support/room.ts';
import { letBack } from './support/server.ts';
import { newGroupId, random, randomId } from './support/signing.ts';

interface Brought {
  readonly room: RoomId;
  readonly file: FileId;
  readonly position: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const announce = (who: Person, { room, file, position, bytes }: Brought) =>
  tus(who, 'POST', PATHS.broughtFile(file, room, bytes.length, position), {
    headers: { 'upload-length': String(bytes.length) },
  });

async function bring(who: Person, brought: Brought): Promise<string | number> {
  const announced = await codeOf(await announce(who, brought));
  if (announced !== 201) return announced;
  return codeOf(await patch(who, brought.file, 0, brought.bytes));
}

/** A message whose file the server has lost. */
async function lostFile() {
  const { ann, ben, room, origin, dataDir } = await pairWithRoom();
  await letBack({ dataDir });
  const { file, bytes } = await upload(ann, room.room, random(2_000));
  const position = await send(ann, room, [file]);
  if (typeof position !== 'number') throw new Error('it was refused');
  expect(await codeOf(await tus(ann, 'DELETE', PATHS.file(file)))).toBe(204);
  return { ann, ben, room, origin, brought: { room: room.room, file, position, bytes } };
}

test('[M6] [D1] a file comes back for its message from any member, and is for who may read that message', async () => {
  const { ann, ben, room, origin, brought } = await lostFile();
  const { file, bytes } = brought;
  expect((await fetchFile(ann, file)).status).toBe(404);
  expect(await codeOf(await announce(ben, brought))).toBe(201);
  expect(await codeOf(await patch(ben, file, 0, bytes.slice(0, 900)))).toBe(204);
  expect((await fetchFile(ann, file)).status).toBe(404); // not before it is whole
  expect(await codeOf(await announce(ben, brought))).toBe(201); // said again it goes on
  expect(await codeOf(await patch(ben, file, 900, bytes.slice(900)))).toBe(204);
  expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  expect(await codeOf(await announce(ann, brought))).toBe('id_reused'); // it is here
  const cat = await Person.guest(origin, 'Cat');
  expect((await fetchFile(cat, file)).status).toBe(404);
  // It is of that message, and no other has it.
  expect(await send(ben, room, [file])).toBe('file_missing');
});

test('[attack 23] only for a message of the room that one may read', async () => {
  const { ann, ben, room, origin, brought } = await lostFile();
  const cat = await Person.guest(origin, 'Cat');
  const other = { ...brought, file: randomId<FileId>() };
  expect(await bring(cat, other)).toBe('not_member');
  expect(await bring(ann, { ...other, position: 1 })).toBe('not_found'); // a header has no files
  expect(await bring(ann, { ...other, position: brought.position + 1 })).toBe('not_found');
  expect(await bring(ann, { ...other, room: newGroupId() })).toBe('not_member');
  // Who is out brings what is from before, and nothing else.
  await room.commit(ann, { members: [member(ann, 'admin')] });
  const { file } = await upload(ann, room.room);
  const later = await send(ann, room, [file]);
  expect(await bring(ben, { ...other, position: Number(later) })).toBe('not_found');
  expect(await bring(ben, brought)).toBe(204);
  expect((await fetchFile(ann, brought.file)).status).toBe(200);
});

test('[M6] who wrote the message deletes what another brought for it; others do not', async () => {
  const { ann, ben, origin, brought } = await lostFile();
  expect(await bring(ben, brought)).toBe(204);
  const cat = await Person.guest(origin, 'Cat');
  expect(await codeOf(await tus(cat, 'DELETE', PATHS.file(brought.file)))).toBe('not_found');
  expect(await codeOf(await tus(ann, 'DELETE', PATHS.file(brought.file)))).toBe(204);
  expect((await fetchFile(ben, brought.file)).status).toBe(404);
  expect((await ben.call('GET', PATHS.files)).json.used).toBe(0);
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, OpenFile } from '@sotto/client';
import { type Attachment, newFileKey, randomId } from '@sotto/crypto';
import { type FileId, type RoomId, utf8 } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf, found, parcel, wholeOf } from '../support/parcels.ts';
import type { RawMember } from './support/member.ts';
import { announce, remove, sealFile, upload } from './support/member-files.ts';
import { gatherHostile, type Stage, setStage, stillTalk } from './support/stage.ts';
import { refusedRules, until } from './support/story.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const PLAN = { name: 'plan.txt', type: 'text/plain' };

/** Mallory tells of a file in a message that is right in every other way. */
async function tell(mallory: RawMember, room: RoomId, file: Attachment, ids: readonly FileId[]) {
  const socket = await mallory.connect();
  const frame = await mallory.seal(room, { kind: 'files', body: '', files: [file] });
  const answer = await socket.say(ids.length > 0 ? { ...frame, files: ids } : frame);
  socket.close();
  return answer;
}

async function place(engine: Engine, room: RoomId, name: string) {
  await until(() => found(engine, room, name) !== undefined, `${name} arrives`);
  const there = found(engine, room, name);
  if (!there) throw new Error(`${name} is gone`);
  return there;
}

const open = async (engine: Engine, room: RoomId, name: string) => {
  const { position, file } = await place(engine, room, name);
  return engine.files.open(room, position, file.file);
};

const textOf = async (file: OpenFile) => Buffer.concat(await Array.fromAsync(wholeOf(file))).toString();

const REFUSED = { code: 'verification', rule: 'M6' };

test('[attack 16] a blob under another name, type, key or size than it was sealed with opens for nobody', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  bob.timeline(room);
  const plan = await sealFile(PLAN, utf8('meet at nine'));
  const { attachment } = plan;
  await upload(mallory, room, attachment.file, plan.sealed);
  expect(await tell(mallory, room, attachment, [attachment.file])).toMatchObject({ t: 'ack' });
  expect(await textOf(await open(bob, room, 'plan.txt'))).toBe('meet at nine');

  // The blob is in the room now; a second message gives it out as something else.
  const lies: Attachment[] = [
    { ...attachment, name: 'invoice.exe' },
    { ...attachment, name: 'page.txt', type: 'text/html' },
    { ...attachment, name: 'short.txt', size: attachment.size - 1 },
    { ...attachment, name: 'long.txt', size: 3 * 1_048_576 },
    { ...attachment, name: 'key.txt', key: newFileKey().key },
    { ...attachment, name: 'hash.txt', hash: new Uint8Array(32) },
  ];
  for (const lie of lies) {
    await bob.files.forgetKept();
    expect(await tell(mallory, room, lie, [])).toMatchObject({ t: 'ack' });
    await expect(open(bob, room, lie.name), lie.name).rejects.toMatchObject(REFUSED);
    expect((await bob.files.space()).kept, lie.name).toBe(0);
  }
  // Nor does a lie spoil the true one.
  expect(await textOf(await open(bob, room, 'plan.txt'))).toBe('meet at nine');
  await stillTalk({ alice, bob, room }, 'after the lies');
});

test('[attack 26] one message, two contents: of two files sealed under one key, only the one told of opens', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  for (const engine of [alice, bob]) engine.timeline(room);
  const key = newFileKey();
  // Every chunk of both is authentic: the same key, id, name and size.
  const told = await sealFile(PLAN, utf8('buy  now'), key);
  const other = await sealFile(PLAN, utf8('sell now'), key);
  const { file } = told.attachment;
  await upload(mallory, room, file, told.sealed);
  expect(await tell(mallory, room, told.attachment, [file])).toMatchObject({ t: 'ack' });
  expect(await textOf(await open(alice, room, PLAN.name))).toBe('buy  now');
  // A colluding operator gives Bob the other one.
  await place(bob, room, PLAN.name);
  await writeFile(join(stage.data, 'files', file), other.sealed);
  await expect(open(bob, room, PLAN.name)).rejects.toMatchObject(REFUSED);
});

test('[attack 30] a member cannot bind, replace or delete a file of somebody else', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  bob.timeline(room);
  await alice.files.send(room, { files: [parcel('hers.bin', 5_000)] });
  const { file } = (await place(bob, room, 'hers.bin')).file;
  const stranger = await sealFile({ name: 'mine.bin', type: 'application/octet-stream' }, utf8('mine'));
  const claim = { ...stranger.attachment, file };
  expect(await tell(mallory, room, claim, [file])).toMatchObject({ t: 'refused', code: 'file_missing' });
  expect(await announce(mallory, room, file, stranger.sealed.length)).toBeGreaterThanOrEqual(400);
  expect(await remove(mallory, file)).toBe(404);
  expect(await digestOf(wholeOf(await open(bob, room, 'hers.bin')))).toBe(
    await digestOf(parcel('hers.bin', 5_000).open()),
  );
});

test('[attack 29] a message whose files have another form is refused by every client, and the room goes on', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  const { attachment } = await sealFile(PLAN, utf8('meet at nine'));
  const forms: Attachment[] = [
    { ...attachment, name: '' },
    { ...attachment, name: 'x'.repeat(256) },
    { ...attachment, type: 'x'.repeat(101) },
    { ...attachment, size: -1 },
    { ...attachment, key: attachment.key.slice(1) },
    { ...attachment, thumbnail: new Uint8Array(6_145) },
    { ...attachment, waveform: new Uint8Array(65) },
  ];
  for (const form of forms) expect(await tell(mallory, room, form, [])).toMatchObject({ t: 'ack' });
  await stillTalk({ alice, bob, room }, 'after the forms');
  for (const engine of [alice, bob]) {
    expect(refusedRules(engine, room)).toEqual(forms.map(() => 'M4'));
  }
});

test('[attack 37] a flood of uploads is refused in time, and the others talk and share meanwhile', async () => {
  const { alice, bob, mallory, room } = await gatherHostile(stage);
  bob.timeline(room);
  const flood = Array.from({ length: 400 }, () => announce(mallory, room, randomId<FileId>(), 2 ** 30));
  const start = performance.now();
  await stillTalk({ alice, bob, room }, 'in the flood');
  await alice.files.send(room, { files: [parcel('calm.bin', 300_000)] });
  expect((await open(bob, room, 'calm.bin')).size).toBe(300_000);
  expect(performance.now() - start).toBeLessThan(15_000);
  const answers = await Promise.all(flood);
  expect(answers.filter((status) => status >= 400).length).toBeGreaterThan(300);
  expect(new Set(answers.filter((status) => status >= 400))).toEqual(
    new Set([429, 507].filter((s) => answers.includes(s))),
  );
});

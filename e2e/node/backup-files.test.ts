import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '@sotto/client';
import type { FileId, RoomId } from '@sotto/protocol';
import { startServer } from '@sotto/server';
import { expect, onTestFinished, test } from 'vitest';
import { checkDatabase } from '../../packages/server/src/store/sqlite/check.ts';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { homesOfEachTest, wholeHistory } from '../support/homes.ts';
import { letBack } from '../support/operate.ts';
import { makeBackup, sourceOf, stepsOf } from '../support/own-backup.ts';
import { digestOf, found, parcel, wholeOf } from '../support/parcels.ts';

const OLD = 'the old password';
const NEW = 'a password for here';
const MIB = 1_048_576;
const FILM = 30 * MIB;

const { service, anotherService, place, online, everyoneLeaves } = homesOfEachTest();

async function settled(engine: Engine): Promise<Engine> {
  await online(engine);
  await until(() => engine.state.caughtUp, 'all there is has come', 30_000);
  return engine;
}

async function arrives(engine: Engine, room: RoomId, name: string) {
  engine.timeline(room);
  await until(() => found(engine, room, name) !== undefined, `${name} arrives`, 40_000);
  const there = found(engine, room, name);
  if (!there) throw new Error(`${name} is gone`);
  return there;
}

/** Digest of a file as somebody opens it. */
async function opened(engine: Engine, room: RoomId, name: string): Promise<string> {
  const { position, file } = await arrives(engine, room, name);
  return digestOf(wholeOf(await engine.files.stream(room, position, file.file)));
}

const sent = (name: string, size: number, seed: number) => {
  const file = parcel(name, size, { seed });
  return { file, digest: digestOf(file.open()) };
};

const blobOf = (file: FileId) => join(service().data, 'files', file);

/** Paula and Bob exchange photos and a film; some of it is gone by the day of the backup, and she has left a group. */
async function oldTimes() {
  const [paula, bob] = await Promise.all([
    place('paula').createAccount('Paula', OLD).then(settled),
    place('bob').createAccount('Bob', OLD).then(settled),
  ]);
  const direct = await converse(paula, bob);
  const group = await gather(bob, [paula], 'Pictures');
  const left = await gather(bob, [paula], 'Left behind');
  const photo = sent('photo.jpg', 50_000, 1);
  const film = sent('film.mp4', FILM, 2);
  const empty = sent('empty.txt', 0, 3);
  const old = sent('old.png', 70_000, 4);
  await paula.files.send(direct, { files: [photo.file, empty.file], body: 'look' });
  await bob.files.send(group, { files: [film.file] });
  await bob.files.send(left, { files: [old.file], body: 'from before' });
  const lost = await paula.files.send(direct, { files: [parcel('lost.bin', 10_000, { seed: 5 })] });
  await bob.files.send(direct, { files: [parcel('taken back.bin', 10_000, { seed: 6 })] });
  await arrives(paula, left, 'old.png');
  await arrives(paula, group, 'film.mp4');
  const back = await arrives(bob, direct, 'taken back.bin');
  await bob.remove(direct, back.position);
  const gone = await arrives(paula, direct, 'lost.bin');
  await until(() => gone.item.id === lost || found(paula, direct, 'lost.bin') !== undefined, 'it is there');
  await rm(blobOf(gone.file.file)); // the operator's disk
  await paula.files.forgetKept();
  await until(() => found(paula, direct, 'taken back.bin') === undefined, 'it was taken back');
  await paula.leave(left);
  await until(() => paula.state.rooms.get(left)?.standing === 'left', 'she has left');
  await bob.sendText(left, { body: 'after her time' });
  const phrase = await paula.createRecoveryPhrase(OLD);
  return { paula, bob, direct, group, left, photo, film, empty, old, phrase };
}

test('[M6] [D1] a backup brings the files back, for everybody who may read their messages, and what was left', async () => {
  const { paula, bob, phrase, direct, group, left, ...files } = await oldTimes();
  const bobs = await bob.createRecoveryPhrase(OLD);
  const plan = await paula.planBackup();
  expect(plan).toMatchObject({ conversations: 3, files: 5 });
  expect(plan.fileBytes).toBeGreaterThan(FILM);
  const before = await makeBackup(paula, false);
  expect(before.made).toMatchObject({ conversations: 3, files: 0, leftOut: [] });
  expect(before.bytes.length).toBeLessThan(MIB);
  const { bytes, file, made, progress, largest } = await makeBackup(paula);
  expect(made).toMatchObject({ bytes: bytes.length, conversations: 3, files: 4 });
  expect(made.leftOut.map(({ name, reason }) => [name, reason])).toEqual([
    ['lost.bin', 'The server had it no more when the backup was made.'],
  ]);
  expect(stepsOf(progress, 'files').at(-1)).toBe('5/5');
  // Nobody holds more than a chunk of it at once.
  expect(largest.written).toBeLessThanOrEqual(MIB + 16);
  const his = await makeBackup(bob);
  await everyoneLeaves();
  await service().stop();

  const fresh = await anotherService();
  letBack(fresh.data);
  const home = place('paula', fresh);
  for (const at of [100, Math.floor(bytes.length / 2), bytes.length - 20]) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const attempt = home.restoreBackup({ file: sourceOf(damaged), phrase, password: NEW });
    await expect(attempt).rejects.toMatchObject({ code: 'bad_backup', message: /Nothing was restored/ });
  }
  const chunk = MIB + 16;
  const swapped = bytes.slice();
  swapped.set(bytes.subarray(63 + chunk, 63 + 2 * chunk), 63 + 2 * chunk);
  const spliced = home.restoreBackup({ file: sourceOf(swapped), phrase, password: NEW });
  await expect(spliced).rejects.toMatchObject({ code: 'bad_backup' });
  expect(await home.profiles()).toEqual([]);
  expect(checkDatabase(join(fresh.data, 'sotto.sqlite'))).toMatchObject({ entries: 0 });

  const restored = await home.restoreBackup({ file, phrase, password: NEW });
  expect(restored).toMatchObject({ conversations: 3, missing: 0 });
  expect(restored.files).toMatchObject({ total: 4, here: 4, leftOut: [], absent: [{ name: 'lost.bin' }] });
  expect(largest.read()).toBeLessThanOrEqual(chunk);
  const again = await settled(restored.engine);
  expect(await opened(again, direct, 'photo.jpg')).toBe(await files.photo.digest);
  expect(await opened(again, direct, 'empty.txt')).toBe(await files.empty.digest);
  expect(await opened(again, group, 'film.mp4')).toBe(await files.film.digest);
  // What she had left she can read again, and nobody's words from after her time.
  expect(again.state.rooms.get(left)).toMatchObject({ title: 'Left behind', standing: 'left' });
  expect(await wholeHistory(again, left)).toContain('from before');
  expect(texts(again, left)).not.toContain('after her time');
  expect(await opened(again, left, 'old.png')).toBe(await files.old.digest);
  await expect(opened(again, direct, 'lost.bin')).rejects.toMatchObject({ code: 'not_found' });
  expect(checkDatabase(join(fresh.data, 'sotto.sqlite')).problems).toEqual([]);

  // Bob comes back with a backup of his own: nothing goes up twice, and he opens what she brought.
  const second = await place('bob', fresh).restoreBackup({ file: his.file, phrase: bobs, password: NEW });
  expect(second.files).toMatchObject({ total: 4, here: 4, leftOut: [] });
  const two = await settled(second.engine);
  expect(await opened(two, group, 'film.mp4')).toBe(await files.film.digest);
  expect(await opened(two, left, 'old.png')).toBe(await files.old.digest);
  expect(await readdir(join(fresh.data, 'files'))).toHaveLength(4);
  // The film is his message: deleting it deletes what she brought.
  const { position } = await arrives(two, group, 'film.mp4');
  await two.remove(group, position);
  await until(() => found(again, group, 'film.mp4') === undefined, 'she sees it gone', 30_000);
});

test('[attack 37] what does not fit is told, the texts are there, and the files come later', async () => {
  const { paula, phrase, direct, group, photo, film } = await oldTimes();
  const { file } = await makeBackup(paula);
  await everyoneLeaves();
  await service().stop();
  const dataDir = join(service().data, '..', 'small');
  const start = (accountQuota: number) =>
    startServer({ port: 0, host: '127.0.0.1', dataDir, logLevel: 'error', files: { accountQuota } });
  const small = await start(MIB);
  const stop = () => small.close();
  const where = { origin: small.origin, data: dataDir, stop };
  letBack(dataDir);
  const stopped = new AbortController();
  const back = await place('paula', where).restoreBackup({ file, phrase, password: NEW });
  expect(back).toMatchObject({ conversations: 3, missing: 0, files: { total: 4, here: 3 } });
  expect(back.files.leftOut.map(({ name }) => name)).toEqual(['film.mp4']);
  const one = await settled(back.engine);
  expect(await opened(one, direct, 'photo.jpg')).toBe(await photo.digest);
  await arrives(one, group, 'film.mp4');
  await expect(opened(one, group, 'film.mp4')).rejects.toMatchObject({ code: 'not_found' });
  stopped.abort(new Error('enough'));
  await expect(one.restoreFiles({ file }, { signal: stopped.signal })).rejects.toThrow('enough');
  await everyoneLeaves();
  await small.close();

  const large = await start(100 * MIB);
  onTestFinished(() => large.close());
  const there = { origin: large.origin, data: dataDir, stop: () => large.close() };
  const two = await settled(await place('phone', there).signIn('Paula', NEW));
  const wrong = two.restoreFiles({ file, phrase: `${'abandon '.repeat(23)}art` });
  await expect(wrong).rejects.toMatchObject({ code: 'bad_phrase' });
  // Under the words of now, which are those of then.
  expect(await two.restoreFiles({ file })).toMatchObject({ total: 4, here: 4, leftOut: [] });
  expect(await opened(two, group, 'film.mp4')).toBe(await film.digest);
});

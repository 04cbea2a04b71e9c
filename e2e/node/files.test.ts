import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type EngineEvent, filesIn } from '@sotto/client';
import { fileFromPath, saveToPath } from '@sotto/client/node';
import type { FileId, RoomId } from '@sotto/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gather, texts, until } from '../attacks/support/story.ts';
import { acquaintedSotto } from '../support/acquainted.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { digestOf, eventually, found, messagesOf, parcel, wholeOf } from '../support/parcels.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const MIB = 1_048_576;

let server: ServerProcess;
let members: Members;
let folder: string;

beforeAll(async () => {
  server = await startServerProcess();
  members = await gatherMembers(() => server.origin);
  folder = await mkdtemp(join(tmpdir(), 'sotto-files-'));
});

afterAll(async () => {
  await members.end();
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

let used = 0;
async function people<const Names extends readonly string[]>(...names: Names) {
  used += 1;
  const joined = await Promise.all(names.map((name) => members.join(`${name} ${used}`)));
  for (const engine of joined) await online(engine);
  return joined as { [K in keyof Names]: Engine };
}

/** A room of both, with their lines open. */
async function together(owner: Engine, other: Engine): Promise<RoomId> {
  const room = await gather(owner, [other]);
  for (const engine of [owner, other]) {
    engine.timeline(room);
    await until(() => messagesOf(engine, room).length > 0, 'the lines are there');
  }
  return room;
}

const online = (engine: Engine) =>
  until(() => engine.state.connection.status === 'online', 'everyone is online', 40_000);

/** Waits until the file's message is in the log of this engine. */
async function arrives(engine: Engine, room: RoomId, name: string) {
  await until(() => found(engine, room, name) !== undefined, `${name} arrives`, 40_000);
  const there = found(engine, room, name);
  if (!there) throw new Error(`${name} is gone`);
  return there;
}

const atServer = async (): Promise<string[]> => (await readdir(server.data, { recursive: true })).map(String);
const hasBlob = async (file: FileId) => (await atServer()).some((path) => path.includes(file));

const noTransfers = (engine: Engine) =>
  until(() => engine.files.transfers.state.size === 0, 'nothing is on its way');

test('[M6] files go from one person to the others, whole, with what the message says of them', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const news: EngineEvent[] = [];
  bob.events.on((event) => news.push(event));
  const photo = parcel('photo.jpg', 3 * MIB + 17, {
    type: 'image/jpeg',
    width: 640,
    height: 480,
    thumbhash: new Uint8Array(25).fill(7),
    seed: 3,
  });
  const empty = parcel('nothing.txt', 0, { type: 'text/plain' });
  await alice.files.send(room, { files: [photo, empty], body: 'look' });
  const { position, file, item } = await arrives(bob, room, 'photo.jpg');
  expect(item.body).toBe('look');
  expect(file).toMatchObject({ type: 'image/jpeg', size: photo.size, width: 640, height: 480 });
  expect(file.thumbhash).toEqual(photo.thumbhash);
  const summary = { count: 2, type: 'image/jpeg', name: 'photo.jpg' };
  expect(bob.state.rooms.get(room)?.last).toMatchObject({ preview: 'look', files: summary });
  expect(bob.state.rooms.get(room)?.unread).toBeGreaterThan(0);
  expect(news).toMatchObject([{ body: 'look', files: summary }]);
  const opened = await bob.files.open(room, position, file.file);
  expect(await digestOf(wholeOf(opened))).toBe(await digestOf(photo.open()));
  const second = filesIn(item)[1];
  if (!second) throw new Error('the second file is missing');
  expect((await bob.files.open(room, position, second.file)).size).toBe(0);
  await noTransfers(bob);
  // Named, found and listed; the caption can be edited.
  expect(await bob.messages.search('PHOTO look')).toMatchObject([
    { position, files: [{ name: 'photo.jpg' }, {}] },
  ]);
  expect(await bob.files.list(room)).toMatchObject([{ file: { name: 'photo.jpg' } }, { file: second }]);
  await alice.messages.edit(room, position, 'look closely');
  await until(() => texts(bob, room).includes('look closely'), 'Bob sees the caption');
  expect(filesIn(found(bob, room, 'photo.jpg')?.item)).toHaveLength(2);
  // An export has the files beside what was said.
  const { unzipSync } = await import('fflate');
  const zip = unzipSync(await bob.account.export());
  const exported = Object.entries(zip).find(([path]) => path.endsWith(`/files/${position}-1 photo.jpg`))?.[1];
  expect(exported?.length).toBe(photo.size);
  const said = Object.entries(zip).find(([path]) => path.endsWith('messages.txt'))?.[1];
  expect(Buffer.from(said ?? []).toString()).toContain('(photo.jpg) (nothing.txt) look closely');
  const space = await alice.files.space();
  expect(space.used).toBe(photo.size + 5 * 16);
  expect(space.kept).toBe(photo.size + 5 * 16);
});

test('[E3] a message takes its place when its files are up; what is written behind it does not wait', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const sending = alice.files.send(room, { files: [parcel('long.bin', 24 * MIB)] });
  await until(() => filesIn(messagesOf(alice, room).at(-1)).length === 1, 'it shows while it is sealed');
  const file = filesIn(messagesOf(alice, room).at(-1))[0]?.file;
  if (!file) throw new Error('no file');
  await alice.files.pause(file);
  await sending;
  await until(() => alice.files.transfers.state.get(file)?.state === 'paused', 'it is held');
  await alice.messages.send(room, { body: 'meanwhile' });
  await until(() => texts(bob, room).includes('meanwhile'), 'the text is not held back');
  // The hold survives a restart of the sender.
  const away = await members.away(alice);
  const again = await away.back();
  await online(again);
  await until(() => again.files.transfers.state.get(file)?.state === 'paused', 'still held');
  expect(found(bob, room, 'long.bin')).toBeUndefined();
  await again.files.resume(file);
  await arrives(bob, room, 'long.bin');
  const lines = messagesOf(bob, room).map((item) => filesIn(item)[0]?.name ?? item.body);
  expect(lines.slice(-2)).toEqual(['meanwhile', 'long.bin']);
  await noTransfers(again);
});

test('[E3, M6] an upload goes on where it was when the server is killed in between', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const big = parcel('big.bin', 96 * MIB, { seed: 9 });
  await alice.files.send(room, { files: [big] });
  const running = () => [...alice.files.transfers.state.values()].find(({ state }) => state === 'running');
  await until(() => (running()?.done ?? 0) > 8 * MIB, 'some of it is up');
  await server.kill9();
  await server.restart();
  const { position, file } = await arrives(bob, room, 'big.bin');
  const opened = await bob.files.open(room, position, file.file);
  expect(await digestOf(wholeOf(opened))).toBe(await digestOf(big.open()));
  expect(messagesOf(bob, room).filter((item) => filesIn(item).length > 0)).toHaveLength(1);
});

test('[M6] a download goes on where it was: after a cut by itself, after a hold and a restart when asked', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const big = parcel('film.bin', 96 * MIB, { seed: 5 });
  await alice.files.send(room, { files: [big] });
  const { position, file } = await arrives(bob, room, 'film.bin');
  const opening = bob.files.open(room, position, file.file);
  const shown = (engine: Engine) => engine.files.transfers.state.get(file.file);
  await until(() => (shown(bob)?.done ?? 0) > 4 * MIB, 'some of it is here');
  await bob.files.pause(file.file);
  await until(() => shown(bob)?.state === 'paused', 'it is held');
  const held = shown(bob)?.done ?? 0;
  expect(held).toBeLessThan(96 * MIB);
  await bob.files.resume(file.file);
  await until(() => (shown(bob)?.done ?? 0) > held, 'it goes on from there');
  await server.kill9();
  await server.restart();
  expect(await digestOf(wholeOf(await opening))).toBe(await digestOf(big.open()));

  await bob.files.forgetKept();
  const second = bob.files.open(room, position, file.file);
  second.catch(() => undefined);
  await until(() => (shown(bob)?.done ?? 0) > 4 * MIB, 'some of it is here again');
  await bob.files.pause(file.file);
  await until(() => shown(bob)?.state === 'paused', 'it is held again');
  const away = await members.away(bob);
  await expect(second).rejects.toMatchObject({ code: 'usage' });
  const back = await away.back();
  await online(back);
  expect(shown(back)?.state).toBe('paused');
  await back.files.resume(file.file);
  await until(() => shown(back) === undefined, 'it goes on without anybody asking for it', 40_000);
  await server.stop(); // and from now on needs no server
  try {
    const kept = await back.files.open(room, position, file.file);
    expect(await digestOf(wholeOf(kept))).toBe(await digestOf(big.open()));
  } finally {
    await server.restart();
  }
  await online(back);
});

test('[M6] a cancelled download rejects, keeps what arrived, and goes on from there', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const big = parcel('maybe.bin', 64 * MIB);
  await alice.files.send(room, { files: [big] });
  const { position, file } = await arrives(bob, room, 'maybe.bin');
  const opening = bob.files.open(room, position, file.file);
  await until(() => (bob.files.transfers.state.get(file.file)?.done ?? 0) > 2 * MIB, 'some of it is here');
  await bob.files.cancelDownload(file.file);
  await expect(opening).rejects.toMatchObject({ code: 'usage' });
  await noTransfers(bob);
  expect((await bob.files.space()).kept).toBeGreaterThan(2 * MIB);
  const opened = await bob.files.open(room, position, file.file);
  expect(await digestOf(wholeOf(opened))).toBe(await digestOf(big.open()));
});

test('[M6] deleting a message deletes its files: at the server, here and there, also where the server is away', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  await alice.files.send(room, { files: [parcel('secret.bin', MIB)] });
  const { position, file } = await arrives(bob, room, 'secret.bin');
  await bob.files.open(room, position, file.file);
  await arrives(alice, room, 'secret.bin');
  expect(await hasBlob(file.file)).toBe(true);
  await server.stop();
  await until(() => alice.state.connection.status !== 'online', 'the connection is gone');
  await alice.messages.remove(room, position);
  const away = await members.away(alice);
  await server.restart();
  const again = await away.back();
  await until(
    () => messagesOf(bob, room).some(({ kind }) => kind === 'deleted'),
    'Bob sees the deletion',
    40_000,
  );
  expect(messagesOf(bob, room).find(({ kind }) => kind === 'deleted')).not.toHaveProperty('files');
  await eventually(async () => !(await hasBlob(file.file)), 'the server has deleted it');
  await eventually(async () => (await bob.files.space()).kept === 0, 'Bob keeps it no longer');
  await expect(bob.files.open(room, position, file.file)).rejects.toMatchObject({ code: 'not_found' });
  await expect(again.files.open(room, position, file.file)).rejects.toMatchObject({ code: 'not_found' });
  expect((await again.files.space()).used).toBe(0);
  expect(await bob.files.list(room)).toEqual([]);
});

test('[M6] giving a message up ends its sealing or upload and deletes what there is of it', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const sealing = alice.files.send(room, { files: [parcel('first.bin', 96 * MIB)] });
  await until(
    () => [...alice.files.transfers.state.values()].some(({ state }) => state === 'sealing'),
    'it is sealed',
  );
  const waiting = () => messagesOf(alice, room).find((item) => filesIn(item).length > 0);
  await alice.messages.discard(room, waiting()?.id ?? ('' as never));
  await sealing;
  expect(waiting()).toBeUndefined();

  await alice.files.send(room, { files: [parcel('second.bin', 96 * MIB)] });
  const file = filesIn(waiting())[0]?.file ?? ('' as never);
  await until(() => (alice.files.transfers.state.get(file)?.done ?? 0) > 8 * MIB, 'some of it is up');
  await alice.messages.discard(room, waiting()?.id ?? ('' as never));
  await eventually(async () => !(await hasBlob(file)), 'the server has nothing of it');
  await noTransfers(alice);
  const rest = async () => (await alice.files.space()).kept + (await alice.files.space()).used;
  await eventually(async () => (await rest()) === 0, 'nothing is kept');
  expect(messagesOf(bob, room).every((item) => filesIn(item).length === 0)).toBe(true);
});

test('[M6] a source that changes, fails or ends early fails the message with its reason', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const short = { ...parcel('short.bin', 2 * MIB), size: 3 * MIB };
  const long = { ...parcel('long.bin', 3 * MIB), size: 2 * MIB };
  const failing = {
    ...parcel('failing.bin', MIB),
    async *open(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error('the disk was pulled out');
    },
  };
  for (const source of [short, long, failing]) {
    await expect(alice.files.send(room, { files: [source] })).rejects.toMatchObject({ code: 'usage' });
    const failed = messagesOf(alice, room).at(-1);
    expect(failed?.delivery).toMatchObject({ state: 'failed', code: 'usage' });
    if (!failed) throw new Error('no message');
    await alice.messages.retry(room, failed.id); // cannot help: the bytes are gone
    expect(messagesOf(alice, room).at(-1)?.delivery).toMatchObject({ state: 'failed' });
    await alice.messages.discard(room, failed.id);
  }
  expect(messagesOf(alice, room).every((item) => filesIn(item).length === 0)).toBe(true);
  await expect(alice.files.send(room, { files: [] })).rejects.toMatchObject({ code: 'usage' });
});

test('[M6] seeking fetches only the chunks that are read; read to the end, the whole was verified', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const film = parcel('film.mp4', 20 * MIB + 5, { type: 'video/mp4', seed: 8 });
  await alice.files.send(room, { files: [film] });
  const { position, file } = await arrives(bob, room, 'film.mp4');
  const stream = await bob.files.stream(room, position, file.file);
  const place = 11 * MIB - 3;
  const parts: number[] = [];
  for await (const part of stream.read(place, place + 10)) parts.push(...part);
  const wanted: number[] = [];
  let at = 0;
  for await (const part of film.open()) {
    for (const byte of part)
      if (at >= place && at++ < place + 10) wanted.push(byte);
      else at += at < place ? 1 : 0;
  }
  expect(parts).toEqual(wanted);
  expect((await bob.files.space()).kept).toBe(0);
  expect(await digestOf(wholeOf(stream))).toBe(await digestOf(film.open()));
});

test('[M6] what is kept stays within its budget: the least recently used goes first, and comes again', async () => {
  const [alice] = await people('Alice');
  const sotto = acquaintedSotto({
    server: server.origin,
    directory: join(folder, 'budget'),
    fileCache: 3 * MIB,
  });
  const bob = await sotto.createGuest(`Budget ${used}`);
  await online(bob);
  const room = await together(alice, bob);
  const names = ['one.bin', 'two.bin', 'three.bin'];
  for (const name of names) await alice.files.send(room, { files: [parcel(name, MIB)] });
  const kept = async () => (await readdir(join(folder, 'budget', `${bob.id}.files`))).sort();
  const there = [];
  for (const name of names) there.push(await arrives(bob, room, name));
  const [one, two, three] = there;
  if (!one || !two || !three) throw new Error('a file is missing');
  for (const { position, file } of [one, two, one, three]) await bob.files.open(room, position, file.file);
  expect(await kept()).toEqual([one.file.file, three.file.file].sort());
  const again = await bob.files.open(room, two.position, two.file.file);
  expect(await digestOf(wholeOf(again))).toBe(await digestOf(parcel('two.bin', MIB).open()));
  expect(await kept()).toEqual([three.file.file, two.file.file].sort());
  await bob.files.forgetKept();
  expect(await kept()).toEqual([]);
  // Opened before it went, read after it: the server has it.
  expect(await digestOf(wholeOf(again))).toBe(await digestOf(parcel('two.bin', MIB).open()));
  await bob.close();
  await acquaintedSotto({ server: server.origin, directory: join(folder, 'budget') }).forget(bob.id);
  expect((await readdir(join(folder, 'budget'))).filter((name) => name.includes(bob.id))).toEqual([]);
});

test('[M6] a bot sends a file of its disk and saves what it gets: whole, or not at all', async () => {
  const [alice, bob] = await people('Alice', 'Bob');
  const room = await together(alice, bob);
  const source = join(folder, 'report.pdf');
  await writeFile(source, Buffer.alloc(2 * MIB + 1, 7));
  await alice.files.send(room, { files: [await fileFromPath(source)] });
  const { position, file } = await arrives(bob, room, 'report.pdf');
  expect(file.type).toBe('application/pdf');
  const saved = join(folder, 'saved.pdf');
  const opened = await bob.files.open(room, position, file.file);
  await saveToPath(opened, saved);
  expect(await readFile(saved)).toEqual(await readFile(source));
  await expect(saveToPath(opened, saved)).rejects.toMatchObject({ code: 'usage' });
  await saveToPath(opened, saved, { overwrite: true });
  const broken = {
    ...opened,
    async *read() {
      yield new Uint8Array(5);
      throw new Error('cut');
    },
  };
  await expect(saveToPath(broken, join(folder, 'broken.pdf'))).rejects.toThrow('cut');
  expect((await readdir(folder)).filter((name) => name.includes('broken'))).toEqual([]);
  await expect(fileFromPath(folder)).rejects.toMatchObject({ code: 'usage' });
});

test('[E4] several tabs: one of them works on a file, all of them show it and can hold it', async () => {
  const [bob] = await people('Bob');
  const directory = join(folder, 'tabs');
  const open = () => acquaintedSotto({ server: server.origin, directory });
  const first = await open().createGuest(`Tabs ${used}`);
  await online(first);
  const room = await together(first, bob);
  const second = await open().resume(first.id);
  await online(second);
  second.timeline(room);
  const sending = first.files.send(room, { files: [parcel('shared.bin', 48 * MIB, { seed: 6 })] });
  const shown = (engine: Engine) => messagesOf(engine, room).find((item) => filesIn(item).length > 0);
  await until(() => shown(second) !== undefined, 'the other tab shows it');
  const file = filesIn(shown(second))[0]?.file ?? ('' as never);
  await second.files.pause(file);
  await sending;
  await until(() => first.files.transfers.state.get(file)?.state === 'paused', 'held here');
  await until(() => second.files.transfers.state.get(file)?.state === 'paused', 'held there');
  await first.close(); // the tab that sealed it is gone
  await second.files.resume(file);
  const there = await arrives(bob, room, 'shared.bin');
  const opened = await bob.files.open(room, there.position, file);
  expect(await digestOf(wholeOf(opened))).toBe(await digestOf(parcel('', 48 * MIB, { seed: 6 }).open()));
  await noTransfers(second);

  // A tab that is gone while it seals: the other one says that the file has to be added again.
  const third = await open().resume(second.id);
  await online(third);
  third.timeline(room);
  const cut = third.files.send(room, { files: [parcel('cut.bin', 96 * MIB)] });
  cut.catch(() => undefined);
  const waiting = () => messagesOf(second, room).find((item) => filesIn(item)[0]?.name === 'cut.bin');
  await until(() => waiting() !== undefined, 'the other tab shows it');
  await third.close();
  await expect(cut).rejects.toMatchObject({ code: 'usage' });
  await until(() => waiting()?.delivery?.state === 'failed', 'it is told');
  expect(waiting()?.delivery).toMatchObject({ reason: 'file_unread' });
  await second.close();
});

test('[M6] what the server has no room for is told before a byte is sealed, or by the message itself', async () => {
  const small = await startServerProcess({
    env: { SOTTO_FILE_LIMIT: String(2 * MIB), SOTTO_FILE_QUOTA_ACCOUNT: String(3 * MIB) },
  });
  const guests = await gatherMembers(() => small.origin);
  try {
    const [alice, bob] = [await guests.join('Alice'), await guests.join('Bob')];
    await online(alice);
    const room = await together(alice, bob);
    const send = (size: number) => alice.files.send(room, { files: [parcel(`${size}.bin`, size)] });
    await expect(send(4 * MIB)).rejects.toMatchObject({ code: 'too_large' });
    expect(messagesOf(alice, room).every((item) => filesIn(item).length === 0)).toBe(true);
    await send(MIB);
    await arrives(bob, room, `${MIB}.bin`);
    // Known from before, so the server tells at the upload.
    await send(1.5 * MIB);
    await arrives(bob, room, `${1.5 * MIB}.bin`);
    const refusal = await send(MIB).then(
      () => undefined,
      (error: unknown) => error,
    );
    const failed = () => messagesOf(alice, room).find(({ delivery }) => delivery?.state === 'failed');
    if (refusal) expect(refusal).toMatchObject({ code: 'quota' });
    else {
      await until(() => failed() !== undefined, 'the message says why');
      expect(failed()?.delivery).toMatchObject({ code: 'quota' });
      const shown = () => [...alice.files.transfers.state.values()][0];
      await until(() => shown()?.state === 'failed', 'so does its progress');
      expect(shown()?.failure?.code).toBe('quota');
    }
    // Room was made: the same message goes now.
    const first = found(alice, room, `${MIB}.bin`);
    await alice.messages.remove(room, first?.position ?? 0);
    await eventually(async () => (await alice.files.space()).used < 2 * MIB, 'room is made');
    const again = failed();
    if (again) {
      await alice.messages.retry(room, again.id);
      await until(() => failed() === undefined && found(bob, room, `${MIB}.bin`) !== undefined, 'it goes');
    }
  } finally {
    await guests.end();
    await small.end();
  }
});

test('[attack 51] where the server’s room runs out under an upload, its message says so and goes once there is some', async () => {
  const small = await startServerProcess({ env: { SOTTO_FILE_QUOTA: String(5 * MIB) } });
  const guests = await gatherMembers(() => small.origin);
  try {
    const [alice, bob] = [await guests.join('Alice'), await guests.join('Bob')];
    for (const engine of [alice, bob]) await online(engine);
    const room = await together(alice, bob);
    const parcels = [
      parcel('alice.bin', 4 * MIB, { seed: 1 }),
      parcel('bob.bin', 1.5 * MIB, { seed: 2 }),
    ] as const;
    // Each has room when it is announced; both have not.
    await Promise.all([
      alice.files.send(room, { files: [parcels[0]] }),
      bob.files.send(room, { files: [parcels[1]] }),
    ]);
    const failed = (engine: Engine) =>
      messagesOf(engine, room).find(({ delivery }) => delivery?.state === 'failed');
    const late = () => [alice, bob].find(failed);
    await until(() => late() !== undefined, 'one of them has no room');
    const [loser, winner] = late() === alice ? [alice, bob] : [bob, alice];
    const [lost, kept] = loser === alice ? parcels : [parcels[1], parcels[0]];
    expect(failed(loser)?.delivery).toMatchObject({ code: 'quota' });
    const { position } = await arrives(winner, room, kept.name);
    await winner.messages.remove(room, position);
    await eventually(async () => {
      const waiting = failed(loser);
      if (waiting) await loser.messages.retry(room, waiting.id);
      return found(winner, room, lost.name) !== undefined;
    }, 'it goes once there is room');
    const there = await arrives(winner, room, lost.name);
    const opened = await winner.files.open(room, there.position, there.file.file);
    expect(await digestOf(wholeOf(opened))).toBe(await digestOf(lost.open()));
  } finally {
    await guests.end();
    await small.end();
  }
});

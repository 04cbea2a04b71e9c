import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine, FileItem } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digestOf, eventually, found, parcel, wholeOf } from '../support/parcels.ts';
import { gather, type Scene, setScene, texts, until } from './support/story.ts';

const MIB = 1_048_576;
/** A chunk as it lies at the server: 1 MiB and its tag. */
const SEALED = MIB + 16;

let scene: Scene;
let alice: Engine;
let bob: Engine;
let room: RoomId;
let place: { position: number; file: FileItem };
let other: { position: number; file: FileItem };
const film = parcel('film.mp4', 4 * MIB + 77, { type: 'video/mp4', seed: 4 });

async function arrives(engine: Engine, name: string) {
  await until(() => found(engine, room, name) !== undefined, `${name} arrives`);
  const there = found(engine, room, name);
  if (!there) throw new Error(`${name} is gone`);
  return there;
}

beforeAll(async () => {
  scene = await setScene();
  alice = await scene.person('Alice');
  bob = await scene.person('Bob');
  room = await gather(alice, [bob]);
  bob.timeline(room);
  await alice.files.send(room, { files: [film] });
  await alice.files.send(room, {
    files: [parcel('other.mp4', 4 * MIB + 77, { type: 'video/mp4', seed: 5 })],
  });
  place = await arrives(bob, 'film.mp4');
  other = await arrives(bob, 'other.mp4');
});

beforeEach(() => scene.liar.behave());
afterAll(() => scene.end());

const chunk = (file: Buffer, index: number) => file.subarray(index * SEALED, (index + 1) * SEALED);
const flipped = (file: Buffer, at: number) => {
  const copy = Buffer.from(file);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

/** What a hostile server does to the bytes of a file. */
const lies: Record<string, (file: Buffer, another: Buffer) => Buffer> = {
  'one bit changed in the middle': (file) => flipped(file, 2 * SEALED + 5),
  'one bit changed in the last tag': (file) => flipped(file, file.length - 1),
  'cut off within a chunk': (file) => file.subarray(0, 3 * SEALED + 9),
  'cut off between two chunks': (file) => file.subarray(0, 3 * SEALED),
  'cut off and filled up': (file) =>
    Buffer.concat([file.subarray(0, 3 * SEALED), Buffer.alloc(file.length - 3 * SEALED)]),
  'two chunks in another order': (file) =>
    Buffer.concat([chunk(file, 1), chunk(file, 0), file.subarray(2 * SEALED)]),
  'a chunk twice': (file) => Buffer.concat([chunk(file, 0), chunk(file, 0), file.subarray(2 * SEALED)]),
  'a chunk of another file': (file, another) =>
    Buffer.concat([chunk(file, 0), chunk(another, 1), file.subarray(2 * SEALED)]),
  'another file': (_file, another) => another,
  'something behind the end': (file) => Buffer.concat([file, Buffer.alloc(16)]),
  'nothing at all': () => Buffer.alloc(0),
};

let another: Buffer;

describe('[attack 16] what is not the file that was sealed is refused with its reason, and nothing of it stays', () => {
  beforeAll(async () => {
    scene.liar.behave();
    scene.liar.blob = ({ path, file }) => {
      if (path.endsWith(other.file.file)) another = file;
      return undefined;
    };
    const opened = await bob.files.open(room, other.position, other.file.file);
    expect(opened.size).toBe(other.file.size);
  });

  test.each(Object.keys(lies))('%s', async (name) => {
    const lie = lies[name];
    if (!lie) throw new Error(name);
    await bob.files.forgetKept();
    scene.liar.blob = ({ path, file }) => (path.endsWith(place.file.file) ? lie(file, another) : undefined);
    const opening = bob.files.open(room, place.position, place.file.file);
    await expect(opening).rejects.toMatchObject({ code: 'verification', rule: 'M6', message: /not whole/ });
    expect((await bob.files.space()).kept).toBe(0);
    const shown = () => bob.files.transfers.state.get(place.file.file);
    await until(() => shown() === undefined || shown()?.state === 'failed', 'it is shown as failed');
    // In media, what was read before the lie is genuine, and after it nothing comes.
    const stream = await bob.files.stream(room, place.position, place.file.file);
    const parts: Uint8Array[] = [];
    const reading = (async () => {
      for await (const part of wholeOf(stream)) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'verification', rule: 'M6' });
    const real = Buffer.concat(await Array.fromAsync(film.open()));
    const got = Buffer.concat(parts);
    expect(got.length).toBeLessThan(film.size);
    expect(got.equals(real.subarray(0, got.length))).toBe(true);
    scene.liar.behave();
    await expect(digestOf(stream.read(0, 10))).rejects.toMatchObject({ code: 'verification' });
    const honest = await bob.files.open(room, place.position, place.file.file);
    expect(await digestOf(wholeOf(honest))).toBe(await digestOf(film.open()));
  });

  test('less than the size that is told, whenever it is asked for', async () => {
    await bob.files.forgetKept();
    scene.liar.tellsRealSize = true;
    scene.liar.blob = ({ file }) => file.subarray(0, 2 * SEALED);
    const opening = bob.files.open(room, place.position, place.file.file);
    await expect(opening).rejects.toMatchObject({ code: 'verification', message: /shorter/ });
    expect((await bob.files.space()).kept).toBe(0);
    const stream = await bob.files.stream(room, place.position, place.file.file);
    await expect(digestOf(wholeOf(stream))).rejects.toMatchObject({ code: 'verification' });
  });

  test('a part kept from before is not trusted either: damaged here, it is fetched anew', async () => {
    await bob.files.open(room, place.position, place.file.file);
    const kept = join(dirname(scene.data), 'device-2', `${bob.id}.files`, place.file.file);
    await writeFile(kept, flipped(await readFile(kept), 10).subarray(0, 2 * SEALED + 100));
    const honest = await bob.files.open(room, place.position, place.file.file);
    expect(await digestOf(wholeOf(honest))).toBe(await digestOf(film.open()));
  });
});

test('[attack 10] a removed member keeps what was sent before and gets nothing that is sent after', async () => {
  const carol = await scene.person('Carol');
  const three = await gather(alice, [bob, carol], 'Three');
  for (const engine of [alice, bob, carol]) engine.timeline(three);
  await alice.files.send(three, { files: [parcel('before.bin', MIB)] });
  await until(() => found(carol, three, 'before.bin') !== undefined, 'Carol sees the first');
  const before = found(carol, three, 'before.bin');
  if (!before) throw new Error('it is gone');
  await alice.rooms.removeMember(three, carol.id);
  await until(() => carol.state.rooms.get(three)?.standing === 'removed', 'Carol is out');
  await alice.files.send(three, { files: [parcel('after.bin', MIB)] });
  await until(() => found(bob, three, 'after.bin') !== undefined, 'Bob sees the second');
  expect(found(carol, three, 'after.bin')).toBeUndefined();
  const opened = await carol.files.open(three, before.position, before.file.file);
  expect(await digestOf(wholeOf(opened))).toBe(await digestOf(parcel('before.bin', MIB).open()));
  const sending = carol.files.send(three, { files: [parcel('intruder.bin', 1_000)] });
  await sending.catch(() => undefined);
  await until(
    () =>
      carol
        .timeline(three)
        .state.items.some((item) => item.type === 'message' && item.delivery?.state === 'failed'),
    'her own is refused',
  );
  expect(texts(bob, three)).not.toContain('intruder.bin');
});

test('[attack 1, M6] the server’s disk holds no name, type or content of a file', async () => {
  const secret = 'Quarterly-Loss-Figures';
  await alice.files.send(room, {
    files: [
      {
        name: `${secret}.txt`,
        type: 'application/x-canary-type',
        size: 3_000,
        async *open() {
          yield Buffer.from(secret.repeat(200).slice(0, 3_000));
        },
      },
    ],
    body: 'canary caption',
  });
  await arrives(bob, `${secret}.txt`);
  const paths = (await readdir(scene.data, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(paths.length).toBeGreaterThan(1);
  for (const entry of paths) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const word of [secret, 'x-canary-type', 'canary caption']) {
      expect(bytes.includes(word), `${entry.name} holds "${word}"`).toBe(false);
    }
  }
  await eventually(async () => (await alice.files.space()).used > 0, 'it counts');
});

import { Readable } from 'node:stream';
import type { AccountId, DeviceId, FileId } from '@sotto/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Blobs } from '../src/files/blobs.ts';
import type { BlobParts } from '../src/files/settings.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import type { FileStore } from '../src/store/store.ts';
import { makeFolder } from './support/server.ts';
import { newGroupId, random, randomId } from './support/signing.ts';

const MIB = 1_048_576;

/** What every place for sealed bytes does (D8). `open` twice on one place is a restart. */
export function blobsContract(
  name: string,
  place: () => Promise<{ open(parts: BlobParts): Promise<Blobs> }>,
): void {
  async function fresh() {
    const store = await openSqliteStore(await makeFolder());
    onTestFinished(() => store.close());
    const parts: BlobParts = { files: store.files, now: Date.now, looseAge: 1_000_000 };
    const { open } = await place();
    return { files: store.files, blobs: await open(parts), again: () => open(parts) };
  }

  async function begin(files: FileStore, blobs: Blobs, size: number): Promise<FileId> {
    const file = randomId<FileId>();
    const row = {
      file,
      room: newGroupId(),
      account: randomId<AccountId>(),
      device: randomId<DeviceId>(),
      size,
    };
    expect(await files.announce(row, Date.now(), { quota: null, unfinished: 10 })).toBe('announced');
    await blobs.uploads.create(file);
    return file;
  }

  /** In pieces as they come from a socket, each in memory of its own, which writing may spend. */
  const stream = (bytes: Uint8Array, piece = 65_536) =>
    Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += piece) yield bytes.slice(at, at + piece);
      })(),
      { objectMode: false },
    );

  const offset = async (blobs: Blobs, file: FileId) => (await blobs.uploads.find(file)).offset;

  async function readAll(blobs: Blobs, file: FileId, start: number, end: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const part of blobs.read(file, { start, end })) parts.push(new Uint8Array(part)); // a copy
    return new Uint8Array(Buffer.concat(parts));
  }

  async function whole(blobs: Blobs, file: FileId, bytes: Uint8Array): Promise<void> {
    expect(await blobs.finish(file)).toBe(bytes.length);
    expect(await blobs.size(file)).toBe(bytes.length);
    expect(Buffer.compare(await readAll(blobs, file, 0, bytes.length - 1), bytes)).toBe(0);
  }

  const listed = async (blobs: Blobs) => {
    const found = new Map<FileId, number>();
    for await (const { file, changed } of blobs.list()) found.set(file, changed);
    return found;
  };

  describe(`${name}: sealed bytes`, () => {
    test('of any size come back as they were, in one piece or in ranges', async () => {
      const { files, blobs } = await fresh();
      for (const size of [1, 1_000, 5 * MIB, 9 * MIB + 17]) {
        const bytes = random(size);
        const file = await begin(files, blobs, size);
        expect(await offset(blobs, file)).toBe(0);
        expect(await blobs.uploads.write(file, 0, stream(bytes))).toBe(size);
        await whole(blobs, file, bytes);
        await whole(blobs, file, bytes); // finishing again changes nothing
        const end = Math.min(size, 100) - 1;
        expect(await readAll(blobs, file, 0, 0)).toEqual(bytes.slice(0, 1));
        expect(await readAll(blobs, file, size - 1 - end, size - 1)).toEqual(bytes.slice(size - 1 - end));
      }
    });

    test('come in many requests, across a restart; before the last one there is no file', async () => {
      const { files, blobs, again } = await fresh();
      const bytes = random(14 * MIB);
      const file = await begin(files, blobs, bytes.length);
      let at = 0;
      for (const end of [1_000, MIB, 8 * MIB, 8 * MIB + 1]) {
        at = await blobs.uploads.write(file, at, stream(bytes.slice(at, end)));
        expect([at, await offset(blobs, file)]).toEqual([end, end]);
        expect(await blobs.size(file)).not.toBe(bytes.length);
      }
      expect((await files.get(file))?.received).toBe(at);
      const restarted = await again();
      expect(await offset(restarted, file)).toBe(at);
      expect(await restarted.uploads.write(file, at, stream(bytes.slice(at)))).toBe(bytes.length);
      await whole(restarted, file, bytes);
    });

    test('announced again: what arrived stays, also once it is whole', async () => {
      const { files, blobs } = await fresh();
      const bytes = random(3_000);
      const file = await begin(files, blobs, bytes.length);
      const create = () => blobs.uploads.create(file);
      await blobs.uploads.write(file, 0, stream(bytes.slice(0, 1_000)));
      await create();
      expect(await offset(blobs, file)).toBe(1_000);
      await blobs.uploads.write(file, 1_000, stream(bytes.slice(1_000)));
      await create();
      await whole(blobs, file, bytes);
    });

    test('a stream that breaks: the upload goes on from where it says, and the bytes are right', async () => {
      const { files, blobs } = await fresh();
      const bytes = random(11 * MIB);
      const file = await begin(files, blobs, bytes.length);
      let at = await blobs.uploads.write(file, 0, stream(bytes.slice(0, MIB)));
      const broken = Readable.from(
        (async function* () {
          yield bytes.subarray(MIB, 7 * MIB);
          throw new Error('the connection broke');
        })(),
        { objectMode: false },
      );
      await expect(blobs.uploads.write(file, at, broken)).rejects.toThrow();
      at = await offset(blobs, file);
      expect(at).toBeLessThanOrEqual(7 * MIB);
      expect(await blobs.uploads.write(file, at, stream(bytes.slice(at)))).toBe(bytes.length);
      await whole(blobs, file, bytes);
    });

    test('are listed with their time, and removed without a trace, in every state', async () => {
      const { files, blobs } = await fresh();
      const start = Date.now();
      const states = [
        await begin(files, blobs, 10),
        await begin(files, blobs, 10),
        await begin(files, blobs, 10),
      ];
      const [, half, done] = states as [FileId, FileId, FileId];
      await blobs.uploads.write(half, 0, stream(random(5)));
      await blobs.uploads.write(done, 0, stream(random(10)));
      await blobs.finish(done);
      const found = await listed(blobs);
      expect([...found.keys()].sort()).toEqual([...states].sort());
      for (const changed of found.values()) expect(Math.abs(changed - start)).toBeLessThan(10_000);
      for (const file of states) {
        await blobs.remove(file);
        await blobs.remove(file); // gone already is fine
        expect(await blobs.size(file)).toBeUndefined();
      }
      expect(await listed(blobs)).toEqual(new Map());
      expect(await blobs.finish(randomId<FileId>())).toBeUndefined();
      const free = await blobs.free();
      expect(free === null || free > 0).toBe(true);
    });
  });
}

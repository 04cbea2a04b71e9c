import { stat } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { type FileId, PATHS, PROOF_HEADER, type RoomId } from '@sotto/protocol';
import { Upload, type UploadOptions } from 'tus-js-client';
import { describe, expect, onTestFinished, test } from 'vitest';
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
} from './support/files.ts';
import type { Person } from './support/person.ts';
import { startProcess } from './support/process.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

const MIB = 1_048_576;

/** A PATCH whose body the test writes by hand. */
async function openPatch(person: Person, file: FileId, offset: number, size: number): Promise<ClientRequest> {
  const path = PATHS.file(file);
  const outgoing = httpRequest(person.origin + path, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': offset,
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
      [PROOF_HEADER]: await person.proof('PATCH', path, ''),
    },
  });
  outgoing.on('error', () => undefined); // the cut is what tests look at
  onTestFinished(() => void outgoing.destroy());
  return outgoing;
}

const write = (outgoing: ClientRequest, bytes: Uint8Array) =>
  new Promise<void>((resolve) => outgoing.write(bytes, () => resolve()));

async function begun(size: number, options = {}) {
  const scene = await pairWithRoom(options);
  const [file, bytes] = [randomId<FileId>(), random(size)];
  expect((await announce(scene.ann, { room: scene.room.room, file, size })).status).toBe(201);
  return { ...scene, file, bytes };
}

/** Resolves once so much of a file rests in the server's folder. */
const arrived = (dataDir: string, file: FileId, bytes: number) =>
  expect.poll(async () => (await stat(join(dataDir, 'files', file))).size).toBeGreaterThanOrEqual(bytes);

/** As if the process had died after the last byte was on disk, before its row said so. */
function forgetCompletion(dataDir: string): void {
  const db = new DatabaseSync(databaseIn(dataDir));
  db.exec('UPDATE files SET completed = NULL');
  db.close();
}

/** An upload by tus-js-client, as the engine makes it. */
function tusUpload(
  person: Person,
  { room, file, bytes }: { room: RoomId; file: FileId; bytes: Uint8Array },
  options: Partial<UploadOptions> = {},
) {
  let upload!: Upload;
  const done = new Promise<void>((resolve, reject) => {
    upload = new Upload(Buffer.from(bytes), {
      endpoint: person.origin + PATHS.newFile(file, room, bytes.length),
      uploadSize: bytes.length,
      retryDelays: [0, 50, 100, 200, 400],
      onBeforeRequest: async (request) => {
        const { pathname, search } = new URL(request.getURL());
        request.setHeader(PROOF_HEADER, await person.proof(request.getMethod(), pathname + search, ''));
      },
      onSuccess: () => resolve(),
      onError: reject,
      ...options,
    });
  });
  return { upload, done };
}

describe('[M6] an upload goes on where it stood', () => {
  test('after the connection was cut: what had arrived is kept', async () => {
    const { ann, file, bytes, dataDir } = await begun(4 * MIB);
    const outgoing = await openPatch(ann, file, 0, bytes.length);
    await write(outgoing, bytes.slice(0, 3 * MIB));
    await arrived(dataDir, file, MIB);
    outgoing.destroy();
    await expect.poll(() => offsetOf(ann, file)).toBeGreaterThan(0);
    const at = (await offsetOf(ann, file)) ?? 0;
    expect(at).toBeLessThanOrEqual(3 * MIB);
    expect((await patch(ann, file, at, bytes.slice(at))).status).toBe(204);
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });

  test('while the server still believes in the old connection: it makes way at once', async () => {
    const { ann, file, bytes, dataDir } = await begun(2 * MIB);
    const outgoing = await openPatch(ann, file, 0, bytes.length);
    await write(outgoing, bytes.slice(0, MIB)); // and then silence, with the connection open
    await arrived(dataDir, file, MIB / 2);
    const start = performance.now();
    const at = (await offsetOf(ann, file)) ?? 0;
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(at).toBeGreaterThan(0);
    expect((await patch(ann, file, at, bytes.slice(at))).status).toBe(204);
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });

  test('two requests at once for one place: the bytes are those of one of them, in order', async () => {
    const { ann, file, bytes } = await begun(2 * MIB);
    const answers = await Promise.all([
      patch(ann, file, 0, bytes).then(codeOf, () => 'cut'),
      patch(ann, file, 0, bytes).then(codeOf, () => 'cut'),
      patch(ann, file, 0, bytes).then(codeOf, () => 'cut'),
    ]);
    expect(answers.filter((code) => code === 204).length).toBeLessThanOrEqual(2);
    const at = (await offsetOf(ann, file)) ?? -1;
    expect(at).toBeGreaterThanOrEqual(0);
    if (at < bytes.length) expect((await patch(ann, file, at, bytes.slice(at))).status).toBe(204);
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });

  test('after the server was restarted in the middle of it', async () => {
    const dataDir = await makeFolder();
    const { ann, ben, room, file, bytes, close } = await begun(4 * MIB, { dataDir });
    const outgoing = await openPatch(ann, file, 0, bytes.length);
    const cut = new Promise((resolve) => outgoing.once('error', resolve));
    await write(outgoing, bytes.slice(0, 3 * MIB));
    await arrived(dataDir, file, 2 * MIB);
    const start = performance.now();
    await close();
    expect(performance.now() - start).toBeLessThan(3_000); // an open upload holds no server up
    await cut;
    const again = await makeServer({ dataDir });
    for (const person of [ann, ben]) person.origin = again.origin;
    const at = (await offsetOf(ann, file)) ?? 0;
    expect(at).toBeGreaterThanOrEqual(2 * MIB);
    expect((await patch(ann, file, at, bytes.slice(at))).status).toBe(204);
    expect(await send(ann, room, [file])).toBeTypeOf('number');
    expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
  });

  test('[D2] kill -9: what the server had said it has is there, and a finished file is whole', async () => {
    const dataDir = await makeFolder();
    const { child, exited, origin } = await startProcess(dataDir);
    const { ann, ben, room } = await pairOn(origin);
    const [whole, half] = [randomId<FileId>(), randomId<FileId>()];
    const bytes = random(3 * MIB);
    for (const file of [whole, half]) await announce(ann, { room: room.room, file, size: bytes.length });
    expect((await patch(ann, whole, 0, bytes)).status).toBe(204);
    expect((await patch(ann, half, 0, bytes.slice(0, MIB))).status).toBe(204);
    const outgoing = await openPatch(ann, half, MIB, 2 * MIB);
    await write(outgoing, bytes.slice(MIB, 2 * MIB));
    await arrived(dataDir, half, MIB + MIB / 2);
    child.kill('SIGKILL');
    await exited;
    const again = await makeServer({ dataDir });
    for (const person of [ann, ben]) person.origin = again.origin;
    expect(await bytesOf(await fetchFile(ann, whole))).toEqual(bytes);
    const at = (await offsetOf(ann, half)) ?? 0;
    expect(at).toBeGreaterThanOrEqual(MIB);
    expect((await patch(ann, half, at, bytes.slice(at))).status).toBe(204);
    expect(await bytesOf(await fetchFile(ann, half))).toEqual(bytes);
  });

  test('a crash between the last byte and its row: asking where it stands finishes it', async () => {
    const dataDir = await makeFolder();
    const { ann, ben, room, file, bytes, close } = await begun(1_000, { dataDir });
    expect((await patch(ann, file, 0, bytes)).status).toBe(204);
    await close();
    forgetCompletion(dataDir);
    const again = await makeServer({ dataDir });
    for (const person of [ann, ben]) person.origin = again.origin;
    expect(await send(ann, room, [file])).toBe('file_missing');
    expect(await offsetOf(ann, file)).toBe(1_000);
    expect(await send(ann, room, [file])).toBeTypeOf('number');
    expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
  });
});

describe('[M6] tus-js-client', () => {
  test('uploads in one request and in pieces, each signed for itself', async () => {
    const { ann, ben, room } = await pairWithRoom();
    const sent = [];
    for (const chunkSize of [Number.POSITIVE_INFINITY, 300_000]) {
      const [file, bytes] = [randomId<FileId>(), random(MIB)];
      const { upload, done } = tusUpload(ann, { room: room.room, file, bytes }, { chunkSize });
      upload.start();
      await done;
      sent.push({ file, bytes });
    }
    await send(
      ann,
      room,
      sent.map(({ file }) => file),
    );
    for (const { file, bytes } of sent) expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
  });

  test('goes on by itself when the server is away in the middle', async () => {
    const dataDir = await makeFolder();
    const { ann, room, close, port } = await pairWithRoom({ dataDir });
    const [file, bytes] = [randomId<FileId>(), random(8 * MIB)];
    let restarted: Promise<unknown> | undefined;
    const retryDelays = Array.from({ length: 40 }, () => 100);
    const { upload, done } = tusUpload(
      ann,
      { room: room.room, file, bytes },
      {
        chunkSize: MIB,
        retryDelays,
        onChunkComplete: (_size, accepted) => {
          if (accepted >= 3 * MIB) restarted ??= close().then(() => makeServer({ dataDir, port }));
        },
      },
    );
    upload.start();
    await done;
    await restarted;
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });

  test('pauses, and another run of the program goes on from the address', async () => {
    const { ann, room } = await pairWithRoom();
    const [file, bytes] = [randomId<FileId>(), random(4 * MIB)];
    const asked = { room: room.room, file, bytes };
    const first = await new Promise<Upload>((resolve) => {
      const { upload } = tusUpload(ann, asked, {
        chunkSize: MIB,
        onChunkComplete: (_size, accepted) => {
          if (accepted === 2 * MIB) void upload.abort().then(() => resolve(upload));
        },
      });
      upload.start();
    });
    expect(first.url).toBe(ann.origin + PATHS.file(file));
    expect(await offsetOf(ann, file)).toBe(2 * MIB);
    const { upload, done } = tusUpload(ann, asked, { uploadUrl: ann.origin + PATHS.file(file) });
    upload.start();
    await done;
    expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
  });
});

describe('[attack 37] slow transfers', () => {
  const pace = { bytes: 10_000, window: 300 };

  test('a sender that hardly moves is cut; what arrived stays, and it can go on', async () => {
    const { ann, file, bytes } = await begun(MIB, { files: { pace } });
    const outgoing = await openPatch(ann, file, 0, bytes.length);
    const cut = new Promise((resolve) => outgoing.once('error', resolve));
    await write(outgoing, bytes.slice(0, 100_000));
    const drip = setInterval(() => outgoing.write(bytes.slice(0, 1)), 100);
    onTestFinished(() => clearInterval(drip));
    await cut;
    clearInterval(drip);
    const at = (await offsetOf(ann, file)) ?? 0;
    expect(at).toBeGreaterThan(0);
    // One that moves, slowly, is left alone: more than the least, for several windows.
    const steady = async function* () {
      for (let from = at; from < bytes.length; from += 100_000) {
        yield bytes.slice(from, from + 100_000);
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
    };
    const path = PATHS.file(file);
    const answer = await fetch(ann.origin + path, {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': String(at),
        'content-type': 'application/offset+octet-stream',
        [PROOF_HEADER]: await ann.proof('PATCH', path, ''),
      },
      body: Readable.toWeb(Readable.from(steady())) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(204);
  });

  test('a reader that stops reading is cut; the file stays readable', async () => {
    const { ann, file, bytes } = await begun(32 * MIB, { files: { pace: { ...pace, window: 1_500 } } });
    expect((await patch(ann, file, 0, bytes)).status).toBe(204);
    const path = PATHS.file(file);
    const headers = { [PROOF_HEADER]: await ann.proof('GET', path, '') };
    const ended = await new Promise((resolve) => {
      const outgoing = httpRequest(ann.origin + path, { headers });
      outgoing.on('response', (incoming) => {
        incoming.pause();
        incoming.on('error', resolve);
        outgoing.socket?.once('close', () => resolve('closed'));
        // Looks at the socket without taking anything from it.
        setTimeout(() => incoming.resume(), 8_000).unref();
        incoming.once('end', () => resolve('all of it'));
      });
      outgoing.on('error', resolve);
      outgoing.end();
    });
    expect(ended).not.toBe('all of it');
    expect((await bytesOf(await fetchFile(ann, file))).length).toBe(bytes.length);
  });
});

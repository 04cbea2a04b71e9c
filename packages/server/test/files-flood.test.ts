import { type ClientRequest, request as httpRequest } from 'node:http';
import { type FileId, PATHS, PROOF_HEADER, type RoomId } from '@sotto/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { STEP } from '../src/files/space.ts';

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
import { Person } from './support/person.ts';
import { Room } from './support/room.ts';
import { random, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

/** A PATCH that says it brings something and does not. */
async function hang(
  person: Person,
  file: FileId,
  { size = 1_000_000, bytes = 100, from = '10.0.0.1' } = {},
): Promise<{ outgoing: ClientRequest; answer: Promise<number> }> {
  const path = PATHS.file(file);
  const outgoing = httpRequest(person.origin + path, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': 0,
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
      'x-forwarded-for': from,
      [PROOF_HEADER]: await person.proof('PATCH', path, ''),
    },
  });
  onTestFinished(() => void outgoing.destroy());
  const answer = new Promise<number>((resolve) => {
    outgoing.on('response', (incoming) => resolve(incoming.statusCode ?? 0));
    outgoing.on('error', () => resolve(0));
  });
  outgoing.write(random(bytes));
  return { outgoing, answer };
}

test('[attack 37] a flood of half-open uploads is bounded per account; another pair keeps its service', async () => {
  const { ann, ben, room, origin } = await pairWithRoom({
    files: { uploads: { account: 4, address: 100, server: 100 } },
  });
  const mallory = await Person.guest(origin);
  const theirs = await Room.group(mallory, []);
  const hanging = [];
  for (let i = 0; i < 12; i++) {
    const file = randomId<FileId>();
    await announce(mallory, { room: theirs.room, file, size: 1_000_000 });
    hanging.push(await hang(mallory, file));
  }
  const answers = await Promise.all(
    hanging.map(({ answer }) =>
      Promise.race([answer, new Promise<'open'>((resolve) => setTimeout(resolve, 1_000, 'open'))]),
    ),
  );
  expect(answers.filter((answer) => answer === 'open')).toHaveLength(4);
  expect(answers.filter((answer) => answer === 429)).toHaveLength(8);
  // The pair talks and shares meanwhile, and no slower for it.
  const socket = await connect(ben);
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    const { file, bytes } = await upload(ann, room.room, random(500_000));
    const position = await send(ann, room, [file]);
    await socket.take('entries', ({ entries }) => entries.some((entry) => entry.position === position));
    expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
    expect(performance.now() - start).toBeLessThan(3_000);
  }
  // Room again, once one of them ends.
  const [first] = hanging;
  first?.outgoing.destroy();
  const file = randomId<FileId>();
  await announce(mallory, { room: theirs.room, file, size: 10 });
  await expect.poll(async () => codeOf(await patch(mallory, file, 0, random(10)))).toBe(204);
});

test('[attack 37] half-open uploads of one address and of the whole server are bounded', async () => {
  for (const crowd of [
    { account: 100, address: 2, server: 100 },
    { account: 100, address: 100, server: 2 },
  ]) {
    const { ann, ben, room } = await pairWithRoom({ files: { uploads: crowd } });
    const open = [];
    for (const person of [ann, ben]) {
      const file = randomId<FileId>();
      await announce(person, { room: room.room, file, size: 1_000_000 });
      open.push(await hang(person, file));
    }
    const file = randomId<FileId>();
    await announce(ann, { room: room.room, file, size: 10 });
    await expect.poll(async () => codeOf(await patch(ann, file, 0, random(10)))).toBe('rate_limited');
    for (const { outgoing } of open) outgoing.destroy();
    await expect.poll(async () => codeOf(await patch(ann, file, 0, random(10)))).toBe(204);
  }
});

/** Until so much is held of others that this many bytes have no room any more. */
const underWay = (person: Person, room: RoomId, size: number) =>
  expect
    .poll(async () => codeOf(await announce(person, { room, file: randomId<FileId>(), size })))
    .toBe('quota');

test('[attack 51] twenty bytes of an upload hold a step of the server’s room, and not all that was announced', async () => {
  const GIB = 2 ** 30;
  const { ann, ben, room } = await pairWithRoom({ files: { quota: 2 * GIB, keepFree: 0 } });
  for (let n = 0; n < 3; n += 1) {
    const file = randomId<FileId>();
    expect((await announce(ann, { room: room.room, file, size: GIB })).status).toBe(201);
    await hang(ann, file, { size: GIB, bytes: 20 });
  }
  await underWay(ben, room.room, 2 * GIB - 2 * STEP);
  const { file, bytes } = await upload(ben, room.room, random(3_000_000));
  expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
});

test('[attack 51] where the room runs out while bytes come, what came stays, and it goes on once there is some', async () => {
  const { ann, ben, room } = await pairWithRoom({ files: { quota: 3 * STEP, keepFree: 0 } });
  const [file, bytes] = [randomId<FileId>(), random(2.5 * STEP)];
  await announce(ann, { room: room.room, file, size: bytes.length });
  const other = await upload(ben, room.room, random(1.5 * STEP));
  expect(await codeOf(await patch(ann, file, 0, bytes))).toBe('quota');
  const offset = (await offsetOf(ann, file)) ?? 0;
  expect(offset).toBeGreaterThan(STEP / 2);
  expect(offset).toBeLessThanOrEqual(1.5 * STEP);
  expect(await codeOf(await patch(ann, file, offset, bytes.slice(offset)))).toBe('quota');
  expect((await tus(ben, 'DELETE', PATHS.file(other.file))).status).toBe(204);
  expect((await patch(ann, file, offset, bytes.slice(offset))).status).toBe(204);
  expect(await bytesOf(await fetchFile(ann, file))).toEqual(bytes);
});

test('[attack 51] parts of a file hold a step each', async () => {
  const { ann, ben, room } = await pairWithRoom({ files: { quota: 4 * STEP, keepFree: 0 } });
  const [file, size] = [randomId<FileId>(), 3 * STEP];
  for (let n = 0; n < 2; n += 1) {
    const part = { part: randomId<FileId>(), from: (n * size) / 2, to: ((n + 1) * size) / 2 };
    const headers = { 'upload-length': String(size / 2), 'upload-concat': 'partial' };
    const announced = await tus(ann, 'POST', PATHS.newPart(file, room.room, size, part), { headers });
    expect(announced.status).toBe(201);
    await hang(ann, part.part, { size: size / 2, bytes: 20 });
  }
  await underWay(ben, room.room, 3 * STEP);
  await upload(ben, room.room, random(2 * STEP));
  expect(await codeOf(await announce(ben, { room: room.room, file: randomId(), size: STEP + 1 }))).toBe(
    'quota',
  );
});

test('[attack 51] where all places for uploads are taken, an address that has many makes way', async () => {
  const files = { uploads: { account: 100, address: 100, server: 6 } };
  const { ann, ben, room } = await pairWithRoom({ trustProxy: true, files });
  const hanging = [];
  for (let n = 0; n < 6; n += 1) {
    const file = randomId<FileId>();
    await announce(ann, { room: room.room, file, size: 1_000_000 });
    hanging.push(await hang(ann, file, { from: `10.0.0.${n % 2}` }));
  }
  const bring = async (from: string) => {
    const file = randomId<FileId>();
    await announce(ben, { room: room.room, file, size: 10 });
    return codeOf(await patch(ben, file, 0, random(10), { 'x-forwarded-for': from }));
  };
  await expect.poll(() => bring('10.0.0.0')).toBe('rate_limited'); // who has three already gets no fourth
  for (const from of ['10.0.1.1', '10.0.1.2']) expect(await bring(from)).toBe(204);
  expect(await hanging[0]?.answer).toBe(0); // cut; it can be resumed
});

test('[attack 37] announcing, and requests that bring bytes, are limited per account', async () => {
  const { ann, ben, room } = await pairWithRoom({
    rates: { uploads: { burst: 3, perSecond: 0.01 }, patches: { burst: 3, perSecond: 0.01 } },
  });
  const make = (person: Person, file = randomId<FileId>()) =>
    announce(person, { room: room.room, file, size: 100 }).then(codeOf);
  const file = randomId<FileId>();
  expect([await make(ann, file), await make(ann), await make(ann)]).toEqual([201, 201, 201]);
  expect(await make(ann)).toBe('rate_limited');
  expect(await make(ben)).toBe(201);
  for (let at = 0; at < 3; at++) expect((await patch(ann, file, at, random(1))).status).toBe(204);
  const limited = await patch(ann, file, 3, random(1));
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(10);
  expect(await codeOf(limited)).toBe('rate_limited');
});

test('[attack 37] downloads that nobody reads are bounded per account', async () => {
  const { ann, ben, room } = await pairWithRoom({
    files: { downloads: { account: 2, address: 100, server: 100 } },
  });
  const { file } = await upload(ann, room.room, random(32 * 1_048_576));
  await send(ann, room, [file]);
  const open = [await fetchFile(ann, file), await fetchFile(ann, file)];
  expect(await codeOf(await fetchFile(ann, file))).toBe('rate_limited');
  expect((await bytesOf(await fetchFile(ben, file))).length).toBe(32 * 1_048_576);
  for (const answer of open) await answer.body?.cancel();
  await expect.poll(async () => codeOf(await fetchFile(ann, file)), { timeout: 20_000 }).toBe(200);
});

test('[attack 37] a download whose reader went away ends, whatever moment that was', async () => {
  const { createServer } = await import('node:http');
  const { handOver } = await import('../src/files/downloads.ts');
  const written = Promise.withResolvers<void>();
  const server = createServer((incoming, outgoing) => {
    outgoing.writeHead(200);
    incoming.socket.destroy(); // from here on nothing is written, and the answer does not know it yet
    handOver(outgoing, random(10)).then(written.resolve, written.reject);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  httpRequest({ port, host: '127.0.0.1' })
    .on('error', () => undefined)
    .end();
  await expect(written.promise).rejects.toThrow();
});

test('[attack 37] an ordinary body that does not come ends its connection; uploads may take their time', async () => {
  const { createServer } = await import('node:http');
  const { limitBodies } = await import('../src/http/deadline.ts');
  const server = createServer((incoming, outgoing) => {
    incoming.on('end', () => outgoing.end('ok')).resume();
    incoming.on('error', () => undefined);
  });
  limitBodies(server, 200);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const slow = (method: string) =>
    new Promise<string>((resolve) => {
      const outgoing = httpRequest({ port, host: '127.0.0.1', method, headers: { 'content-length': 2 } });
      outgoing.on('response', () => resolve('answered'));
      outgoing.on('error', () => resolve('cut'));
      outgoing.write('a');
      setTimeout(() => outgoing.end('b'), 600);
    });
  expect(await Promise.all([slow('POST'), slow('PUT'), slow('PATCH')])).toEqual(['cut', 'cut', 'answered']);
});

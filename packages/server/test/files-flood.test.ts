import { type ClientRequest, request as httpRequest } from 'node:http';
import { type FileId, PATHS, PROOF_HEADER } from '@sotto/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { announce, bytesOf, codeOf, fetchFile, pairWithRoom, patch, send, upload } from './support/files.ts';
import { Person } from './support/person.ts';
import { Room } from './support/room.ts';
import { random, randomId } from './support/signing.ts';
import { connect } from './support/socket.ts';

/** A PATCH that says it brings something and does not. */
async function hang(
  person: Person,
  file: FileId,
): Promise<{ outgoing: ClientRequest; answer: Promise<number> }> {
  const path = PATHS.file(file);
  const outgoing = httpRequest(person.origin + path, {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': 0,
      'content-type': 'application/offset+octet-stream',
      'content-length': 1_000_000,
      [PROOF_HEADER]: await person.proof('PATCH', path, ''),
    },
  });
  onTestFinished(() => void outgoing.destroy());
  const answer = new Promise<number>((resolve) => {
    outgoing.on('response', (incoming) => resolve(incoming.statusCode ?? 0));
    outgoing.on('error', () => resolve(0));
  });
  outgoing.write(random(100));
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
  await expect.poll(async () => codeOf(await fetchFile(ann, file))).toBe(200);
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

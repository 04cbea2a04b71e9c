import { execFileSync } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileId } from '@sotto/protocol';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLocalBlobs } from '../src/files/local-blobs.ts';
import { openS3Blobs } from '../src/files/s3-blobs.ts';
import { blobsContract } from './blobs-contract.ts';
import { bytesOf, fetchFile, offsetOf, pairWithRoom, patch, send, tus, upload } from './support/files.ts';
import { SmallS3 } from './support/s3.ts';
import { makeFolder, makeServer } from './support/server.ts';
import { random, randomId } from './support/signing.ts';

/** The usual variables of AWS, for one test. */
function credentials(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  onTestFinished(() => void vi.unstubAllEnvs());
}

blobsContract('a folder', async () => {
  const folder = await makeFolder();
  return { open: (parts) => openLocalBlobs(folder, parts) };
});

blobsContract('S3', async () => {
  credentials();
  const { endpoint } = await SmallS3.start();
  return { open: async (parts) => openS3Blobs({ name: 'sotto', endpoint }, parts) };
});

test('only the user who runs it can read the files', async () => {
  const dataDir = await makeFolder();
  await chmod(dataDir, 0o755);
  const { ann, room } = await pairWithRoom({ dataDir });
  const { file } = await upload(ann, room.room);
  for (const path of [join(dataDir, 'files'), join(dataDir, 'files', file)]) {
    expect((await stat(path)).mode & 0o077, path).toBe(0);
  }
});

test('[D8] a server with its files on S3: up, bound, down, gone; a restart in the middle', async () => {
  credentials();
  const s3 = await SmallS3.start();
  const [dataDir, bucket] = [await makeFolder(), { name: 'sotto', endpoint: s3.endpoint }];
  const { ann, ben, room, close } = await pairWithRoom({ dataDir, files: { bucket } });
  const [file, bytes] = [randomId<FileId>(), random(7_000_000)];
  const path = `/api/files?file=${file}&room=${room.room}&size=${bytes.length}`;
  const made = await tus(ann, 'POST', path, { headers: { 'upload-length': String(bytes.length) } });
  expect(made.status).toBe(201);
  expect((await patch(ann, file, 0, bytes.slice(0, 2_000_000))).status).toBe(204);
  await close();
  const again = await makeServer({ dataDir, files: { bucket } });
  for (const person of [ann, ben]) person.origin = again.origin;
  expect(await offsetOf(ann, file)).toBe(2_000_000);
  expect((await patch(ann, file, 2_000_000, bytes.slice(2_000_000))).status).toBe(204);
  expect(await send(ann, room, [file])).toBe(2);
  const range = await fetchFile(ben, file, { range: 'bytes=6999990-' });
  expect([range.status, await bytesOf(range)]).toEqual([206, bytes.slice(6_999_990)]);
  expect(Buffer.compare(await bytesOf(await fetchFile(ben, file)), bytes)).toBe(0);
  expect([...s3.objects.keys()].sort()).toEqual([file, `${file}.info`].sort());
  expect((await tus(ann, 'DELETE', `/api/files/${file}`)).status).toBe(204);
  expect([s3.objects.size, s3.uploads.size]).toEqual([0, 0]);
  expect((await fetchFile(ben, file)).status).toBe(404);
});

test('[D2] S3 fails at the last step: the upload is not complete until it really is', async () => {
  credentials();
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  const s3 = await SmallS3.start();
  const { ann, ben, room } = await pairWithRoom({
    logLevel: 'silent',
    files: { bucket: { name: 'sotto', endpoint: s3.endpoint } },
  });
  const [file, bytes] = [randomId<FileId>(), random(100_000)];
  await tus(ann, 'POST', `/api/files?file=${file}&room=${room.room}&size=100000`, {
    headers: { 'upload-length': '100000' },
  });
  s3.failing = (call) => call === `POST ${file} uploadId`;
  expect((await patch(ann, file, 0, bytes)).status).toBe(500);
  expect(await send(ann, room, [file])).toBe('file_missing');
  s3.failing = undefined;
  expect(await offsetOf(ann, file)).toBe(100_000); // and this puts it together
  expect(await send(ann, room, [file])).toBe(2);
  expect(await bytesOf(await fetchFile(ben, file))).toEqual(bytes);
});

test('the SDK of S3 is loaded only where it is used', () => {
  const server = new URL('../src/server.ts', import.meta.url).href;
  const watch = `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { process.stdout.write(url + '\\n'); return next(url, context); } });`;
  const loaded = execFileSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      `data:text/javascript,${encodeURIComponent(watch)}`,
      '--input-type=module',
      '--eval',
      `await import(${JSON.stringify(server)});`,
    ],
    { encoding: 'utf8' },
  );
  expect(loaded).toContain('/files/open.ts');
  expect(loaded).not.toMatch(/aws-sdk|s3-store/);
});

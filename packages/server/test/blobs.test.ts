import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLocalBlobs } from '../src/files/local-blobs.ts';
import { blobsContract } from './blobs-contract.ts';
import { pairWithRoom, upload } from './support/files.ts';
import { makeFolder } from './support/server.ts';

blobsContract('a folder', async () => {
  const folder = await makeFolder();
  return { open: (parts) => openLocalBlobs(folder, parts) };
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

import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStale } from '../web-bundle.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sotto-bundle-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, seconds: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
  await utimes(join(root, path), seconds, seconds);
}

test('a bundle that is missing, or older than anything it is made of, is built anew', async () => {
  await write('packages/web/src/deep/main.ts', 100);
  await write('packages/client/src/index.ts', 100);
  expect(isStale(root)).toBe(true);
  await write('packages/web/dist/index.html', 200);
  expect(isStale(root)).toBe(false);
  await write('packages/client/src/index.ts', 300);
  expect(isStale(root)).toBe(true);
  await write('packages/web/dist/index.html', 400);
  await write('packages/server/src/index.ts', 500); // not part of the bundle
  expect(isStale(root)).toBe(false);
});

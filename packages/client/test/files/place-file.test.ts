import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeFile } from '../../src/node/place-file.ts';

let folder: string;
let draft: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-place-'));
  draft = join(folder, '.draft.part');
  path = join(folder, 'plan.txt');
  await writeFile(draft, 'the plan');
});

afterEach(() => rm(folder, { recursive: true }));

const refusing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

test('[M6] a finished file gets its name, and the draft is gone', async () => {
  await placeFile(draft, path);
  expect(await readFile(path, 'utf8')).toBe('the plan');
  expect(await readdir(folder)).toEqual(['plan.txt']);
});

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK'])(
  '[M6] without hard links (%s) it gets its name all the same',
  async (code) => {
    await placeFile(draft, path, refusing(code));
    expect(await readFile(path, 'utf8')).toBe('the plan');
    expect(await readdir(folder)).toEqual(['plan.txt']);
  },
);

test.each([undefined, refusing('EPERM')])('[M6] what is there is never replaced (%#)', async (linkFile) => {
  await writeFile(path, 'mine');
  await expect(placeFile(draft, path, linkFile)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(path, 'utf8')).toBe('mine');
  await rm(path);
  await symlink(join(folder, 'elsewhere'), path);
  await expect(placeFile(draft, path, linkFile)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readdir(folder)).not.toContain('elsewhere');
});

test('[M6] what has nothing to do with links is told, and leaves no empty file behind', async () => {
  await expect(placeFile(draft, path, refusing('ENOSPC'))).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(placeFile(join(folder, 'gone'), path, refusing('EPERM'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await readdir(folder)).toEqual(['.draft.part']);
});

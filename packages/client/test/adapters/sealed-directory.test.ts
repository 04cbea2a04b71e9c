import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { eraseSealedDirectory, sealedDirectory } from '../../src/node/sealed-directory.ts';
import { describeSealedFiles } from './sealed-files-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-sealed-'));
const directory = join(folder, 'account.files');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeSealedFiles('a folder', {
  open: () => sealedDirectory(directory),
  erase: () => eraseSealedDirectory(directory),
});

test('only the owner can read them', async () => {
  const files = sealedDirectory(directory);
  const appender = await files.append('AAAA');
  await appender.write(new Uint8Array(3));
  await appender.close();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, 'AAAA')).mode & 0o777).toBe(0o600);
});

test('a name cannot lead out of the folder', async () => {
  const files = sealedDirectory(directory);
  for (const name of ['../x', 'a/b', '', '.']) {
    await expect(files.append(name)).rejects.toThrow(TypeError);
  }
});

import { expect, test } from 'vitest';
import { startServer } from '../src/server.ts';
import { StoreError } from '../src/store/error.ts';
import { startProcess } from './support/process.ts';
import { makeFolder, makeServer } from './support/server.ts';

test('two servers do not share a data folder: the second is refused, the first goes on', async () => {
  const first = await makeServer();
  const second = startServer({ dataDir: first.dataDir, port: 0, logLevel: 'silent' });
  await expect(second).rejects.toThrow(StoreError);
  await expect(second).rejects.toThrow('another Sotto server is running on this folder');
  expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
});

test('the lock of a server that was killed is nobody’s: the next one starts at once', async () => {
  const dataDir = await makeFolder();
  const { child, exited } = await startProcess(dataDir);
  await expect(startServer({ dataDir, port: 0, logLevel: 'silent' })).rejects.toThrow(StoreError);
  child.kill('SIGKILL');
  await exited;
  const next = await startServer({ dataDir, port: 0, logLevel: 'silent' });
  await next.close();
  const again = await startServer({ dataDir, port: 0, logLevel: 'silent' });
  await again.close();
});

test('a folder in which nothing may be written is told as such', async () => {
  const { output, exited } = await startProcess('/sys');
  expect(await exited).toBe(1);
  expect(output.err).toMatch(/^SOTTO_DATA: \/sys\S* cannot be written\. Choose a folder .*\n$/);
});

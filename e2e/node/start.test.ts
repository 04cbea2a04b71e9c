import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = await mkdtemp(join(tmpdir(), 'sotto-start-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything it has said so far. */
function listen(child: ChildProcess) {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += data));
  return { said: () => said };
}

test('npm start ends with its server when it is told to end, and says so', async () => {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: {
      ...process.env,
      SOTTO_PORT: '0',
      SOTTO_HOST: '127.0.0.1',
      SOTTO_DATA: folder,
      SOTTO_LOG: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { said } = listen(child);
  const ended = new Promise((done) => child.stdout?.on('close', done)); // its last holder is gone
  await expect.poll(said, { timeout: 120_000 }).toContain('Sotto is ready');
  const [origin] = /http:\/\/localhost:\d+/.exec(said()) ?? [];
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  await ended;
  expect(said()).toContain('Sotto has stopped.');
  await expect(fetch(`${origin}/readyz`)).rejects.toThrow();
});

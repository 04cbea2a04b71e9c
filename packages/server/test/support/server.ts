import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunningServer, type ServerOptions, startServer } from '../../src/index.ts';

/** A fresh folder that goes away with the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server on a free port, closed with the test. */
export async function makeServer(options: ServerOptions = {}): Promise<RunningServer & { dataDir: string }> {
  const dataDir = options.dataDir ?? (await makeFolder());
  const server = await startServer({ port: 0, host: '127.0.0.1', logLevel: 'error', ...options, dataDir });
  onTestFinished(() => server.close());
  return { ...server, dataDir };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A server in a process of its own, from the environment, as people start it. */
export async function startProcess(dataDir: string, env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      SOTTO_PORT: '0',
      SOTTO_HOST: '127.0.0.1',
      SOTTO_DATA: dataDir,
      SOTTO_LOG: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const port = await new Promise<number>((resolve) => {
    child.stderr?.on('data', (data: Buffer) => {
      output.err += data.toString();
    });
    child.stdout?.on('data', (data: Buffer) => {
      output.out += data.toString();
      const found = /localhost:(\d+)/.exec(output.out);
      if (found) resolve(Number(found[1]));
    });
    child.once('exit', () => resolve(0));
  });
  return { child, output, exited, port, origin: `http://127.0.0.1:${port}` };
}

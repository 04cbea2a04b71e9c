import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { nodeExecutable, ROOT } from './node.ts';

/** Runs one of the operator's commands on a data folder to its good end. @returns what it said */
export function operate(data: string, ...command: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    nodeExecutable(),
    [
      '--disable-warning=ExperimentalWarning',
      resolve(ROOT, 'packages/server/src/operations/main.ts'),
      ...command,
    ],
    { env: { ...process.env, SOTTO_DATA: data }, encoding: 'utf8' },
  );
  if (status === 0) return stdout;
  throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
}

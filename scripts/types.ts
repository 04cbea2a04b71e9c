/**
 * Type checks every project of the repository: each package, the end-to-end tests, scripts and benchmarks. What did not
 * change since the last time, as `.cache/types` remembers it, is not checked again.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const projects = [
  'tsconfig.json',
  'e2e/tsconfig.json',
  ...globSync('packages/*/tsconfig*.json', { cwd: root }).sort(),
];

/** Resolves to the exit code; what the compiler says goes to the terminal. */
function check(project: string): Promise<number> {
  return new Promise((done, fail) => {
    const memory = join('.cache/types', `${project.replaceAll('/', '-')}.tsbuildinfo`);
    const remember = ['--incremental', '--tsBuildInfoFile', memory];
    const args = [compiler, '-p', project, '--noEmit', '--pretty', 'false', ...remember];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', fail).on('exit', (code) => done(code ?? 1));
  });
}

const failed: string[] = [];
for (const project of projects) if ((await check(project)) !== 0) failed.push(project);
process.stdout.write(
  `${projects.length} projects checked, ${failed.length} with errors ${failed.join(' ')}\n`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

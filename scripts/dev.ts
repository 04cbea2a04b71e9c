/** `npm run dev`: rebuilds the web application and restarts the server whenever their sources change. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { buildWebIfStale } from './web-bundle.ts';

const root = resolve(import.meta.dirname, '..');
buildWebIfStale(); // the server finds something to serve from the first request on

const run = (args: string[], cwd: string): ChildProcess =>
  spawn(process.execPath, args, { cwd, stdio: 'inherit' });

const children = [
  run([join(root, 'node_modules/vite/bin/vite.js'), 'build', '--watch'], join(root, 'packages/web')),
  run(['--watch', '--disable-warning=ExperimentalWarning', 'packages/server/src/main.ts'], root),
];

const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};
process.on('SIGINT', stop).on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);

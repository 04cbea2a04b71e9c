/**
 * `npm run mutants`: plants faults one by one in the code that protects people and lets its tests look for them
 * (`rules`: packages/crypto and the membership rules; `server`: who may do what on the server). Not part of `npm test`:
 * it takes an hour and more. What it needs is installed at its first run, apart from the program's own packages. `npm run mutants -- server` for one suite; what follows goes to Stryker (`--mutate FILE`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const home = join(root, 'scripts/mutants');
const stryker = join(home, 'node_modules/.bin/stryker');
const SUITES = ['rules', 'server'];
const [first = '', ...rest] = process.argv.slice(2);
const chosen = SUITES.includes(first) ? [first] : SUITES;
const options = SUITES.includes(first) || first === '' ? rest : [first, ...rest];

function run(command: string, args: readonly string[], cwd: string, suite?: string): boolean {
  const env = { ...process.env, SOTTO_MUTANTS: suite };
  return spawnSync(command, args, { cwd, stdio: 'inherit', env }).status === 0;
}

if (!existsSync(stryker) && !run('npm', ['ci'], home)) process.exit(1);
for (const suite of chosen) {
  const done = run(stryker, ['run', 'scripts/mutants/stryker.config.js', ...options], root, suite);
  if (!done) process.exitCode = 1; // below the threshold, or it could not run
}

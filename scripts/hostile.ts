/**
 * `npm run hostile -- --minutes 10 --seed 7`: the run of three hostile accounts beside a pair in two pages, as in
 * `npm test`, for as long as wanted; the seed makes the same choices again.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
for (const [name, text] of Object.entries(values)) {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name}: expected a whole number, got ${text}`);
}
const root = resolve(import.meta.dirname, '..');
const env = { ...process.env, SOTTO_HOSTILE_MINUTES: values.minutes, SOTTO_HOSTILE_SEED: values.seed };
const command = [
  'node_modules/@playwright/test/cli.js',
  'test',
  'e2e/browser/hostile.spec.ts',
  '--workers=1',
];
process.exitCode = spawnSync(process.execPath, command, { cwd: root, env, stdio: 'inherit' }).status ?? 1;

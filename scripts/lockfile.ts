/**
 * Completes package-lock.json: npm leaves out optional binaries of other platforms where a tree was already there, or
 * enters them without their hash. Each gets its entry from the registry, so that `npm ci` finds the lock whole and
 * checks what it fetches on every platform; download addresses are dropped. Run after every change of dependencies:
 * `npm run lockfile`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Entries, type Entry, lockProblems, missingOptional } from './lockfile/lock.ts';

type Said = Entry & { 'dist.integrity': string };

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Entries };
for (const entry of Object.values(lock.packages)) {
  if (entry.resolved?.startsWith('http')) delete entry.resolved;
}
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.optional && !entry.integrity) delete lock.packages[path];
}
for (const [path, { range, dev }] of missingOptional(lock.packages)) {
  lock.packages[path] = ask(path.replace(/^.*node_modules\//, ''), range, dev);
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
);
const problems = lockProblems(lock.packages);
if (problems.length > 0) throw new Error(`package-lock.json is not whole:\n${problems.join('\n')}`);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

/** What the registry says of one exact version, as npm writes it into a lock. */
function ask(name: string, range: string, dev: boolean): Entry {
  const fields = ['version', 'dist.integrity', 'os', 'cpu', 'libc', 'license', 'engines'];
  const version = range.replace(/^[\^~]/, '');
  const said: Said = JSON.parse(
    execFileSync('npm', ['view', '--json', `${name}@${version}`, ...fields], { encoding: 'utf8' }),
  );
  const { 'dist.integrity': integrity, ...rest } = said;
  return { ...rest, integrity, optional: true, ...(dev ? { dev } : {}) };
}

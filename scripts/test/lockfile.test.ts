import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type Entries, lockProblems } from '../lockfile/lock.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const integrity = 'sha512-q1HBkNmB9mc6SF6uSz2492qSgsB46MqS';

test.each(['package-lock.json', 'scripts/mutants/package-lock.json'])(
  '%s names the hash of everything that is installed, and no other registry',
  (path) => {
    const { packages } = JSON.parse(readFileSync(resolve(ROOT, path), 'utf8')) as { packages: Entries };
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    expect(lockProblems(packages)).toEqual([]);
  },
);

test('packages of this repository need no hash', () => {
  expect(
    lockProblems({
      '': {},
      'packages/a': { version: '0.1.0' },
      'node_modules/a': { link: true, resolved: 'packages/a' },
      'node_modules/b': {
        version: '1.0.0',
        integrity,
        resolved: 'https://registry.npmjs.org/b/-/b-1.0.0.tgz',
      },
    }),
  ).toEqual([]);
});

test.each<[string, Entries]>([
  ['no hash', { 'node_modules/a': { version: '1.0.0' } }],
  ['no hash, nested', { 'packages/b/node_modules/a': { version: '1.0.0' } }],
  ['an old hash', { 'node_modules/a': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } }],
  ['another registry', { 'node_modules/a': { integrity, resolved: 'https://registry.example/a-1.0.0.tgz' } }],
  ['no entry', { 'node_modules/a': { integrity, optionalDependencies: { '@a/linux-x64': '1.0.0' } } }],
])('found: %s', (_, entries) => {
  expect(lockProblems(entries)).toHaveLength(1);
});

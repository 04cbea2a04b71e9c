import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBoundaries } from '../boundaries/graph.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sotto-boundaries-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

/** A package with one entry point and one file behind it. */
async function plant(name: string, entry: string, dependencies: Record<string, string> = {}): Promise<void> {
  const exports = { '.': './src/index.ts' };
  await write(
    `packages/${name}/package.json`,
    JSON.stringify({ name: `@sotto/${name}`, exports, dependencies }),
  );
  await write(`packages/${name}/src/index.ts`, `export * from './inner.ts';\n`);
  await write(`packages/${name}/src/inner.ts`, entry);
}

async function plantAll(): Promise<void> {
  await plant('protocol', 'export const limit = 1;');
  await plant('crypto', `export { limit } from '@sotto/protocol';`);
  await plant('server', `import { limit } from '@sotto/protocol'; export const server = limit;`);
}

const broken = () => checkBoundaries(root).violations.map(({ what }) => what);

test('a tree that keeps the rules passes', async () => {
  await plantAll();
  expect(checkBoundaries(root)).toEqual({ files: 6, violations: [] });
});

test.each([
  ['an import', `import { limit } from '@sotto/crypto'; export const x = limit;`],
  ['a re-export', `export * from '@sotto/crypto';`],
  ['a dynamic import', `export const x = () => import('@sotto/crypto');`],
  ['a type import', `import type { Secret } from '@sotto/crypto'; export type X = Secret;`],
  ['an inline type import', `export type X = import('@sotto/crypto').Secret;`],
  ['a relative path', `export * from '../../crypto/src/inner.ts';`],
  ['a worker', `export const x = new URL('../../crypto/src/inner.ts', import.meta.url);`],
])('[attack 14] the server reaching crypto by %s is found, with the chain', async (_way, code) => {
  await plantAll();
  await write('packages/server/src/inner.ts', `export * from './deep/deeper.ts';`);
  await write('packages/server/src/deep/deeper.ts', code.replaceAll('../../crypto', '../../../crypto'));
  const { violations } = checkBoundaries(root);
  const violation = violations.find(({ what }) => /^server may not import (types of )?crypto/.test(what));
  expect(violation?.chain).toEqual([
    'packages/server/src/index.ts',
    'packages/server/src/inner.ts',
    'packages/server/src/deep/deeper.ts',
  ]);
  expect(violations.some(({ what }) => what.startsWith('the server reaches packages/crypto/'))).toBe(true);
});

test('protocol and crypto do no I/O: neither Node modules nor globals', async () => {
  await plantAll();
  await plant('crypto', `import { readFileSync } from 'node:fs'; export const x = readFileSync;`);
  await plant('protocol', `export const x = () => fetch('/'); export const y = { fetch: 1 }.fetch;`);
  expect(broken()).toEqual([
    'crypto imports node:fs, but does no I/O, in packages/crypto/src/inner.ts',
    'protocol uses fetch in packages/protocol/src/inner.ts',
  ]);
});

test('undeclared packages, computed names and imports that lead nowhere are found', async () => {
  await plantAll();
  await plant('server', `import 'left-pad'; import './gone.ts'; export const x = (n: string) => import(n);`);
  expect(broken()).toEqual([
    'server imports left-pad, which its package.json does not declare, in packages/server/src/inner.ts',
    'server imports ./gone.ts, which leads nowhere, in packages/server/src/inner.ts',
    'server imports a computed name, which cannot be followed, in packages/server/src/inner.ts',
  ]);
});

test('types of protocol may reach the web application, its values may not', async () => {
  await plantAll();
  await plant('web', `import type { limit } from '@sotto/protocol'; export type X = typeof limit;`);
  expect(broken()).toEqual([]);
  await plant('web', `import { limit } from '@sotto/protocol'; export const x = limit;`);
  expect(broken()).toEqual(['web may not import protocol, in packages/web/src/inner.ts']);
});

test('design and texts of the page know nothing of the rest of it, types neither', async () => {
  await plant('web', `export * from './design/button.ts'; export * from './texts/time.ts';`);
  await write('packages/web/src/app/errors.ts', 'export interface Problem {}');
  await write(
    'packages/web/src/texts/time.ts',
    `import type { Problem } from '../app/errors.ts'; export type X = Problem;`,
  );
  await write(
    'packages/web/src/design/button.ts',
    `export { Y } from '../texts/more.ts'; import '../app/errors.ts';`,
  );
  await write('packages/web/src/texts/more.ts', 'export type Y = 1;');
  expect(broken()).toEqual([
    'web/design may not import app, in packages/web/src/design/button.ts',
    'web/texts may not import app, in packages/web/src/texts/time.ts',
  ]);
});

test('[attack 14] a violation planted in the real server is found', async () => {
  await cp(join(ROOT, 'packages'), join(root, 'packages'), {
    recursive: true,
    filter: (path) => !/\/(node_modules|dist|test)$/.test(path),
  });
  const before = broken();
  expect(before.filter((what) => what.includes('server'))).toEqual([]);
  await appendFile(join(root, 'packages/server/src/main.ts'), `\nimport type {} from '@sotto/crypto';\n`);
  const planted = broken().filter((what) => !before.includes(what));
  expect(planted[0]).toBe('server may not import types of crypto, in packages/server/src/main.ts');
  expect(planted.slice(1).every((what) => what.startsWith('the server reaches packages/crypto/'))).toBe(true);
});

test.each([
  ['imports', `import { b } from './b.ts'; export const a = b;`],
  ['types', `import type { b } from './b.ts'; export type A = typeof b;`],
])('files that import each other in a circle are found, by %s', async (_way, code) => {
  await plantAll();
  await write('packages/protocol/src/inner.ts', `export * from './a.ts'; export const limit = 1;`);
  await write('packages/protocol/src/a.ts', code);
  await write('packages/protocol/src/b.ts', `export * from './c.ts'; export const b = 1;`);
  await write('packages/protocol/src/c.ts', `export { a } from './a.ts';`);
  expect(checkBoundaries(root).violations).toEqual([
    {
      what: '3 files import each other in a circle',
      chain: ['a', 'b', 'c'].map((name) => `packages/protocol/src/${name}.ts`),
    },
  ]);
});

test('chance that no test can play again is found', async () => {
  await plantAll();
  await write('packages/protocol/src/inner.ts', 'export const limit = Math.floor(Math.random() * 6);');
  expect(broken()).toEqual(['packages/protocol/src/inner.ts uses Math.random instead of a seam']);
});

test('a part of the engine that takes the whole context is found', async () => {
  await plantAll();
  const code = (type: string) =>
    `type RoomContext = { a: 1; b: 2 }; export const x = (all: ${type}) => all.a;`;
  await write('packages/crypto/src/inner.ts', code(`Pick<RoomContext, 'a'>`));
  expect(broken()).toEqual([]);
  await write('packages/crypto/src/inner.ts', code('RoomContext'));
  expect(broken()).toEqual(['packages/crypto/src/inner.ts does not say what it needs']);
});

import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { quickEnvironment } from './scripts/run/environment.ts';

/** Defaults of every project: real crypto and real sockets take their time. */
const defaults = {
  pool: 'forks' as const,
  execArgv: ['--disable-warning=ExperimentalWarning'],
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

/** Tests in which it counts how much gets through in a time. */
const LOADS = ['floods', 'torture', 'files-memory'].map((name) => `node/${name}.test.ts`);

const support = (name: string) => join(import.meta.dirname, 'e2e/support', name);

/** Whole stories; the limit is for what hangs, not for a slow machine. */
const endToEnd = { ...defaults, root: 'e2e', testTimeout: 240_000, hookTimeout: 240_000 };

function project(name: string, root: string, include: string[]): TestProjectInlineConfiguration {
  return { test: { ...defaults, name, root, include } };
}

/** Packages with a configuration of their own use that; the others get the defaults. */
const packages = globSync('packages/*/package.json', { cwd: import.meta.dirname })
  .map(dirname)
  .sort();
const configured = packages.map((path) => `${path}/vitest.config.ts`).filter((file) => existsSync(file));
const plain = packages.filter((path) => !configured.includes(`${path}/vitest.config.ts`));

Object.assign(process.env, quickEnvironment(import.meta.dirname));

export default defineConfig({
  test: {
    // More than there are cores: tests of servers and people mostly wait for each other.
    maxWorkers: 3,
    projects: [
      ...configured,
      ...plain.map((path) => project(path.replace('packages/', ''), path, ['test/**/*.test.{ts,tsx}'])),
      project('scripts', 'scripts', ['test/**/*.test.ts']),
      // Whole conversations between engines and real servers, many members each.
      {
        test: {
          ...endToEnd,
          name: 'e2e',
          globalSetup: [support('make-keys.ts')],
          setupFiles: [support('use-made-keys.ts')],
          include: ['attacks/**/*.test.ts', 'node/**/*.test.ts'],
          exclude: LOADS,
        },
      },
      // Behind all others, so that nothing takes the processor from them.
      {
        test: { ...endToEnd, name: 'loads', include: LOADS, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

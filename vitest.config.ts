import { existsSync, globSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Defaults of every project: real crypto and real sockets take their time. */
const defaults = {
  pool: 'forks' as const,
  execArgv: ['--disable-warning=ExperimentalWarning'],
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

function project(name: string, root: string, include: string[]): TestProjectInlineConfiguration {
  return { test: { ...defaults, name, root, include } };
}

/** Packages with a configuration of their own use that; the others get the defaults. */
const packages = globSync('packages/*/package.json', { cwd: import.meta.dirname })
  .map(dirname)
  .sort();
const configured = packages.map((path) => `${path}/vitest.config.ts`).filter((file) => existsSync(file));
const plain = packages.filter((path) => !configured.includes(`${path}/vitest.config.ts`));

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      ...configured,
      ...plain.map((path) => project(path.replace('packages/', ''), path, ['test/**/*.test.{ts,tsx}'])),
      project('scripts', 'scripts', ['test/**/*.test.ts']),
      {
        // Whole conversations between engines and real servers, many members each.
        test: {
          ...defaults,
          name: 'e2e',
          root: 'e2e',
          include: ['attacks/**/*.test.ts', 'node/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});

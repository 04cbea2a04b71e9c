import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');
const source = (file: string) => join(root, 'packages', file);
const suites: Readonly<Record<string, readonly string[]>> = {
  rules: ['packages/protocol/test/**/*.test.ts', 'packages/crypto/test/**/*.test.ts'],
  server: ['packages/server/test/**/*.test.ts'],
};
const suite = process.env.SOTTO_MUTANTS ?? 'rules';

/**
 * One suite for planted faults: packages are reached by their sources, so that a fault planted in a copy of the tree is
 * the one its tests meet.
 */
export default defineConfig({
  resolve: {
    alias: {
      '@sotto/protocol/looks': source('protocol/src/names/skeleton.ts'),
      '@sotto/protocol': source('protocol/src/index.ts'),
      '@sotto/crypto': source('crypto/src/index.ts'),
    },
  },
  test: {
    root,
    include: [...(suites[suite] ?? [])],
    exclude: [
      '**/simulation.test.ts',
      '**/wycheproof.test.ts',
      '**/crash.test.ts',
      '**/files-*.test.ts',
      '**/floods.test.ts',
      '**/{operations,operations-files,entry-ids,durability,sqlite,blobs,folder-lock}.test.ts',
      '**/stolen.test.ts', // its listening module needs a process of its own
    ],
    globalSetup: [join(root, 'packages/crypto/test/provide.ts')],
    // Each fault is tried in one worker that loads the packages once: what Stryker does side by side are faults, not files.
    isolate: false,
    maxWorkers: 1,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

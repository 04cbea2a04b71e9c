import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = join(import.meta.dirname, '../..');
const source = (name: string) => join(root, 'packages', name, 'src/index.ts');
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
  resolve: { alias: { '@sotto/protocol': source('protocol'), '@sotto/crypto': source('crypto') } },
  test: {
    root,
    include: [...(suites[suite] ?? [])],
    exclude: [
      '**/simulation.test.ts',
      '**/wycheproof.test.ts',
      '**/crash.test.ts',
      '**/files-*.test.ts',
      '**/floods.test.ts',
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

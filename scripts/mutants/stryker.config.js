/** Where faults are planted, by suite. @type {Readonly<Record<string, readonly string[]>>} */
const mutate = {
  rules: ['packages/crypto/src/**/*.ts', 'packages/protocol/src/membership.ts'],
  server: [
    'packages/server/src/rooms/{access,accept,address-wraps,commit,header-rules,leave,requests}.ts',
    'packages/server/src/devices/*.ts',
    'packages/server/src/http/{endpoint,proofs,nonces}.ts',
    'packages/server/src/realtime/{authenticate,request-desk}.ts',
    'packages/server/src/signatures.ts',
  ],
};
const suite = process.env.SOTTO_MUTANTS ?? 'rules';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  tsconfigFile: 'none', // TypeScript 7 has no programming interface for it to read ours with; nothing needs it
  plugins: ['./scripts/mutants/runner.js'],
  vitest: { configFile: 'scripts/mutants/vitest.config.ts', related: false },
  mutate: mutate[suite],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 10_000,
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: `.cache/mutants/${suite}.json` },
  tempDirName: '.cache/stryker',
  ignorePatterns: ['data', 'docs/screenshots', '.cache', 'test-results'],
  mutator: { excludedMutations: ['StringLiteral'] },
};

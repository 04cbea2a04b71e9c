import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'crypto',
    root: import.meta.dirname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/provide.ts'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

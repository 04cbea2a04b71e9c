import { globSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** The suites that run once more inside Chromium: each package says what and how. */
export default defineConfig({
  test: {
    fileParallelism: false,
    projects: globSync('packages/*/vitest.browser.config.ts', { cwd: import.meta.dirname }).sort(),
  },
});

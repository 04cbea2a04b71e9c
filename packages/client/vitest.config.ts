import { defineConfig } from 'vitest/config';

/** What runs in Node; `vitest.browser.config.ts` runs the rest in Chromium. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    name: 'client',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.browser.test.ts'],
  },
});

import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, requireChromium } from '../../scripts/chromium.ts';

/** What needs a real browser: IndexedDB, Web Locks, BroadcastChannel, workers. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: 'node_modules/.vite-browser',
  optimizeDeps: { include: ['@serenity-kit/opaque', 'cborg', 'idb', 'valibot'] },
  test: {
    name: 'client in Chromium',
    api: { host: '127.0.0.1' },
    include: ['test/**/*.browser.test.ts'],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: requireChromium(),
          args: CHROMIUM_ARGS,
        },
      }),
    },
  },
});

import { env } from 'node:process';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

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
          executablePath: env.SOTTO_CHROMIUM ?? '/usr/bin/chromium',
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
    },
  },
});

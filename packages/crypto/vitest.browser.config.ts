import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { requireChromium } from '../../scripts/chromium.ts';

/** The same suite in Chromium; SOTTO_CHROMIUM names another binary. */
const executablePath = requireChromium();

export default defineConfig({
  optimizeDeps: {
    include: [
      '@noble/hashes/sha2.js',
      '@noble/hashes/sha3.js',
      '@noble/post-quantum/ml-kem.js',
      'cborg',
      'fast-check',
      'valibot',
    ],
  },
  test: {
    name: 'crypto in Chromium',
    root: import.meta.dirname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/provide.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
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
      instances: [{ browser: 'chromium' }],
    },
  },
});

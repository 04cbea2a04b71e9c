import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { memoryFolder } from './e2e/support/memory-folder.ts';
import { CHROMIUM_ARGS, requireChromium } from './scripts/chromium.ts';

/** Begun first, so that nobody waits for them in the end. */
const LONG = ['**/fifty.spec.ts', '**/files-transfer.spec.ts', '**/hostile.spec.ts'];

process.env.TMPDIR = memoryFolder() ?? tmpdir();
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache', 'compiled');

const report = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? join('.cache', 'reports', 'end-to-end.json');

export default defineConfig({
  testDir: 'e2e/browser',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/support/global-setup.ts',
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // Several times what the longest take: a test that hangs ends, one on a slow machine does not.
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: report }]],
  outputDir: 'test-results',
  projects: [
    { name: 'long', testMatch: LONG },
    { name: 'short', testIgnore: LONG },
  ],
  use: {
    browserName: 'chromium',
    // Recording every step of every test costs a third of the time; `--trace on` when one has to be looked into.
    trace: 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: requireChromium(), args: CHROMIUM_ARGS },
  },
});

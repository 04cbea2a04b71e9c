/** `npm run screenshots`: every screen at three widths, light and dark, into docs/screenshots. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { CHROMIUM_ARGS, requireChromium } from '../../scripts/chromium.ts';
import { buildWebIfStale } from '../../scripts/web-bundle.ts';
import { ROOT } from '../support/node.ts';
import { Person } from '../support/page.ts';
import { SCREENS } from '../support/screens.ts';
import { startServerProcess } from '../support/server.ts';

const SIZES = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
];
const folder = join(ROOT, 'docs/screenshots');

async function shoot(browser: Browser, size: (typeof SIZES)[number], colorScheme: 'light' | 'dark') {
  const server = await startServerProcess();
  const open = async () => {
    const context = await browser.newContext({ viewport: size, colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(server.origin);
    return new Person(page);
  };
  try {
    const cast = { visitor: await open(), alice: await open(), bob: await open() };
    await cast.alice.signUp('Alice');
    await cast.bob.signUp('Bob');
    for (const screen of SCREENS) {
      const { page } = await screen.visit(cast);
      await page.screenshot({ path: join(folder, `${screen.name}-${colorScheme}-${size.width}.png`) });
    }
    for (const { page } of Object.values(cast)) await page.context().close();
  } finally {
    await server.end();
  }
}

buildWebIfStale();
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
try {
  for (const size of SIZES)
    for (const scheme of ['light', 'dark'] as const) await shoot(browser, size, scheme);
} finally {
  await browser.close();
}

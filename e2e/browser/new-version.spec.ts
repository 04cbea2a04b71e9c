import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Person } from '../support/page.ts';
import { copyBuild, makeSecondBuild } from '../support/second-build.ts';
import { startServerProcess } from '../support/server.ts';

const DIST = resolve(import.meta.dirname, '../../packages/web/dist');

/** Which scripts the caches of this origin hold, by build. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const builds: string[][] = [];
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      builds.push(
        requests
          .map(({ url }) => new URL(url).pathname)
          .filter((path) => /^\/index(-[\w-]+\.js|\.html)$/.test(path.replace('/assets', ''))),
      );
    }
    return builds.map((build) => build.sort());
  });

test('[E5] a new version takes over at the next visit, whole, and opens without the server too', async ({
  browser,
}) => {
  const web = mkdtempSync(join(tmpdir(), 'sotto-web-'));
  copyBuild(DIST, web);
  const server = await startServerProcess({ env: { SOTTO_WEB: web } });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.origin);
    const alice = new Person(page);
    await alice.signUp('Alice');
    await expect.poll(async () => (await kept(page)).length, { timeout: 20_000 }).toBe(1);
    const [first] = await kept(page);
    const second = makeSecondBuild(web);
    expect(first).not.toContain(second);
    await expect(page).toHaveTitle('Sotto');
    await page.reload();
    await expect(page).toHaveTitle('Sotto, second build');
    await expect(alice.conversations).toBeVisible();
    // The old build's files go once the new worker has all of its own; when it is looked for is the browser's to choose.
    await expect.poll(() => kept(page), { timeout: 90_000 }).toEqual([[second, '/index.html'].sort()]);
    await server.stop();
    await page.reload();
    await expect(page).toHaveTitle('Sotto, second build');
    await expect(alice.conversations).toBeVisible();
  } finally {
    await context.close();
    await server.end();
    rmSync(web, { recursive: true });
  }
});

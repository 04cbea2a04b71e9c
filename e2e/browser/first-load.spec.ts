import { gzipSync } from 'node:zlib';
import { expect, test } from '../support/fixtures.ts';

const BUDGET = 200 * 1024;

test('the first load is under 200 KB of compressed JavaScript', async ({ visitor, server }) => {
  const first = await visitor();
  const sizes = new Map<string, number>();
  first.page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (type.includes('javascript')) sizes.set(response.url(), gzipSync(await response.body()).length);
  });
  await first.page.goto(server.origin, { waitUntil: 'networkidle' });
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  expect(sizes.size).toBeGreaterThan(0);
  expect(total, JSON.stringify([...sizes])).toBeLessThan(BUDGET);
});

test('the page is interactive soon after it is asked for', async ({ visitor, server }) => {
  const first = await visitor(); // warms the server's file cache
  const start = Date.now();
  await first.page.goto(server.origin);
  await expect(first.nameField).toBeEditable();
  // The goal is 1 s on a quiet machine; the bound is wide because tests run next to each other.
  expect(Date.now() - start).toBeLessThan(4_000);
});

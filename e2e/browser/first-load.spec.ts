import { get } from 'node:http';
import { expect, test } from '../support/fixtures.ts';

const BUDGET = 200 * 1024;

/** Bytes on the wire with gzip, the larger of what browsers may get. */
function transferred(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      response.on('end', () => resolve(size)).on('error', reject);
    }).on('error', reject);
  });
}

test('the first load is under 200 KB of compressed JavaScript', async ({ visitor, server }) => {
  const first = await visitor();
  const scripts = new Set<string>();
  first.page.on('response', (response) => {
    if (response.headers()['content-type']?.includes('javascript')) scripts.add(response.url());
  });
  await first.page.goto(server.origin, { waitUntil: 'networkidle' });
  await expect(first.nameField).toBeEditable();
  const sizes = await Promise.all([...scripts].map(async (url) => [url, await transferred(url)] as const));
  expect(sizes.length).toBeGreaterThan(0);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(total, JSON.stringify(sizes)).toBeLessThan(BUDGET);
});

test('the page is interactive soon after it is asked for', async ({ visitor, server }) => {
  const first = await visitor(); // warms the server's file cache
  const start = Date.now();
  await first.page.goto(server.origin);
  await expect(first.nameField).toBeEditable();
  // The goal is 1 s on a quiet machine; the bound is wide because tests run next to each other.
  expect(Date.now() - start).toBeLessThan(4_000);
});

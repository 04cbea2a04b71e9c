import { afterEach, expect, test, vi } from 'vitest';
import { letGo } from '../src/app/object-url.ts';

afterEach(() => vi.useRealTimers());

test('an address that was let go can still be read by whoever was just told it, and is taken back then', async () => {
  vi.useFakeTimers();
  const url = URL.createObjectURL(new Blob(['bytes']));
  letGo(url);
  vi.advanceTimersByTime(30_000);
  expect(await (await fetch(url)).text()).toBe('bytes');
  vi.advanceTimersByTime(30_000);
  await expect(fetch(url)).rejects.toThrow();
});

import { describe, expect, it } from 'vitest';
import type { Locks } from '../../src/seams/environment.ts';

/** What all locks must do; `makeLocks` gives a new object for the account each time. */
export function describeLocks(name: string, makeLocks: (account: string) => Locks): void {
  describe(`locks contract: ${name}`, () => {
    it('[E4] lets one at a time in, among all who name the account, in the order they came', async () => {
      const log: string[] = [];
      const gate = Promise.withResolvers<void>();
      const inside = Promise.withResolvers<void>();
      const first = makeLocks('a').exclusive('sync', async () => {
        log.push('first in');
        inside.resolve();
        await gate.promise;
        log.push('first out');
      });
      const second = makeLocks('a').exclusive('sync', async () => log.push('second'));
      const third = makeLocks('a').exclusive('sync', async () => log.push('third'));
      await inside.promise;
      gate.resolve();
      await Promise.all([first, second, third]);
      expect(log).toEqual(['first in', 'first out', 'second', 'third']);
    });

    it('keeps other names and other accounts free', async () => {
      const gate = Promise.withResolvers<void>();
      const held = makeLocks('a').exclusive('sync', () => gate.promise);
      expect(await makeLocks('a').exclusive('outbox', async () => 'other name')).toBe('other name');
      expect(await makeLocks('b').exclusive('sync', async () => 'other account')).toBe('other account');
      gate.resolve();
      await held;
    });

    it('passes failures on and lets the next one in', async () => {
      const problem = new Error('work failed');
      const failed = makeLocks('a').exclusive('sync', () => Promise.reject(problem));
      const next = makeLocks('a').exclusive('sync', async () => 'in');
      await expect(failed).rejects.toBe(problem);
      expect(await next).toBe('in');
    });

    it('loses no update of a hundred that read, wait and write', async () => {
      let count = 0;
      const increment = () =>
        makeLocks('a').exclusive('count', async () => {
          const seen = count;
          await Promise.resolve();
          count = seen + 1;
        });
      await Promise.all(Array.from({ length: 100 }, increment));
      expect(count).toBe(100);
    });
  });
}

import { onTestFinished, vi } from 'vitest';
import { Journal } from '../../src/log/journal.ts';

/** Lets something happen after the server has looked at the next header or leave, and before it writes it. */
export function meanwhile(deed: () => Promise<unknown>): void {
  const { exclusive } = Journal.prototype;
  const spy = vi.spyOn(Journal.prototype, 'exclusive');
  spy.mockImplementationOnce(async function (this: Journal, task) {
    await deed();
    return exclusive.call(this, task);
  });
  onTestFinished(() => spy.mockRestore());
}

import { describe, expect, it, vi } from 'vitest';
import { processLocks } from '../../src/node/process-locks.ts';
import { processTabs } from '../../src/node/process-tabs.ts';
import { systemClock } from '../../src/system-clock.ts';
import { describeLocks } from './locks-contract.ts';
import { describeTabs } from './tabs-contract.ts';

describeLocks('one process', processLocks);
describeTabs('one process', processTabs);

describe('system clock', () => {
  it('[K2] waits longer than a timer can, and stops when cancelled', () => {
    vi.useFakeTimers();
    try {
      const days = 24 * 3_600_000;
      const [run, cancelled] = [vi.fn(), vi.fn()];
      systemClock().after(90 * days, run);
      const cancel = systemClock().after(60 * days, cancelled);
      vi.advanceTimersByTime(40 * days);
      cancel();
      vi.advanceTimersByTime(50 * days - 1);
      expect(run).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(run).toHaveBeenCalledOnce();
      expect(cancelled).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });
});

import type { Clock } from './seams/environment.ts';

/** Longest delay a timer takes; longer ones fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** The time of this device. Delays may be longer than a timer allows, such as a key's lifetime (K2). */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    after(milliseconds, run) {
      let timer: ReturnType<typeof setTimeout>;
      const arm = (left: number) => {
        const step = Math.min(Math.max(left, 0), LONGEST_TIMER);
        timer = setTimeout(() => (left > step ? arm(left - step) : run()), step);
      };
      arm(milliseconds);
      return () => clearTimeout(timer);
    },
    jitter: () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32,
  };
}

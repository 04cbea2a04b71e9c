import type { Locks } from '../seams/environment.ts';

/** The last work in each lock's queue. One per process by its nature, as `navigator.locks` is per origin. */
const tails = new Map<string, Promise<void>>();

/**
 * Mutual exclusion within this process among all who name the same scope: first come, first served.
 * @param scope what is shared, such as an account's directory
 */
export function processLocks(scope: string): Locks {
  return {
    exclusive(name, work) {
      const lock = JSON.stringify([scope, name]);
      const before = tails.get(lock) ?? Promise.resolve();
      const result = before.then(work);
      const tail = result.then(
        () => release(),
        () => release(), // the failure is the caller's, who holds `result`
      );
      const release = () => {
        if (tails.get(lock) === tail) tails.delete(lock);
      };
      tails.set(lock, tail);
      return result;
    },
  };
}

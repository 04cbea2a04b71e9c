import type { Locks } from '../seams/environment.ts';

/** Mutual exclusion among all tabs of this origin that run the account (E4). */
export function webLocks(account: string): Locks {
  return {
    exclusive: async <T>(name: string, work: () => Promise<T>): Promise<T> =>
      await navigator.locks.request(`sotto-${account}/${name}`, () => work()),
  };
}

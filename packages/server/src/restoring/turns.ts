import type { AccountId } from '@sotto/protocol';
import { Refused } from '../refusal.ts';

/** Accounts that may wait; beyond, they are told to try again. */
const WAITING = 32;
const AGAIN = { wait: 1_000 };

/**
 * Attack 46: what comes back is verified one request at a time, however many bring it, so that it takes a part of one core
 * and never all; and two who bring the same room do not cross. Of one account one request waits.
 */
export class Turns {
  readonly #accounts = new Set<AccountId>();
  #last: Promise<void> = Promise.resolve();

  /** @throws Refused 'busy', and what `work` throws */
  async take<T>(account: AccountId, work: () => Promise<T>): Promise<T> {
    if (this.#accounts.has(account) || this.#accounts.size >= WAITING) {
      throw new Refused('busy', undefined, AGAIN);
    }
    this.#accounts.add(account);
    const turn = this.#last.then(work);
    const over = () => void this.#accounts.delete(account);
    this.#last = turn.then(over, over); // who asked hears of what failed
    return turn;
  }
}

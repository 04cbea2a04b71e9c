import type { AccountId } from '@sotto/protocol';
import type { Clock } from '../../../seams/index.ts';

/** Keys remembered; beyond, those spent from longest ago are forgotten. */
const KEPT = 1_000;

/** How much is done for each of many: `burst` at once, refilled at `perSecond`. */
export class Allowance<Key> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #rate: { readonly burst: number; readonly perSecond: number };
  readonly #spent = new Map<Key, { readonly left: number; readonly at: number }>();

  constructor(clock: Pick<Clock, 'now'>, rate: { readonly burst: number; readonly perSecond: number }) {
    this.#clock = clock;
    this.#rate = rate;
  }

  left(key: Key): number {
    const { burst, perSecond } = this.#rate;
    const known = this.#spent.get(key);
    if (!known) return burst;
    const passed = Math.max(0, this.#clock.now() - known.at);
    return Math.min(burst, known.left + (passed / 1_000) * perSecond);
  }

  spend(key: Key, amount: number): void {
    const left = this.left(key) - amount;
    this.#spent.delete(key); // the newest last
    this.#spent.set(key, { left, at: this.#clock.now() });
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > KEPT && oldest !== undefined) this.#spent.delete(oldest);
  }
}

/** Attack 50: wraps made for the devices of one account, and of all others. */
const EACH = { burst: 400, perSecond: 0.2 };
const ALL = { burst: 2_000, perSecond: 2 };

/** How many wraps this device makes; however many accounts ask without end, the own devices find theirs. */
export class WrapBudget {
  readonly #self: AccountId;
  readonly #each: Allowance<AccountId>;
  readonly #all: Allowance<'all'>;

  constructor(clock: Pick<Clock, 'now'>, self: AccountId) {
    this.#self = self;
    this.#each = new Allowance(clock, EACH);
    this.#all = new Allowance(clock, ALL);
  }

  left(account: AccountId): number {
    const each = this.#each.left(account);
    const left = account === this.#self ? each : Math.min(each, this.#all.left('all'));
    return Math.max(0, Math.floor(left));
  }

  spend(account: AccountId, wraps: number): void {
    this.#each.spend(account, wraps);
    if (account !== this.#self) this.#all.spend('all', wraps);
  }
}

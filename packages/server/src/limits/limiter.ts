import { Refused } from '../refusal.ts';
import type { Rate, RateKind, Rates } from './rates.ts';

interface Bucket {
  tokens: number;
  /** When `tokens` was true, in milliseconds. */
  at: number;
  /** True from a refusal until `reopensAt` tokens are back. */
  shut: boolean;
}

/** Buckets kept per kind; beyond, those that would be full again are forgotten first. */
const KEPT = 20_000;
/** Sums of fractions of a token are off by less than this. */
const ROUNDING = 1e-6;

/** Token buckets by kind and key, in memory only: addresses are never written anywhere. */
export class Limiter {
  readonly #rates: Rates;
  readonly #now: () => number;
  readonly #buckets = new Map<RateKind, Map<string, Bucket>>();

  constructor(rates: Rates, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Takes tokens, `cost` of them at once, all where that is more than ever are there. @returns 0 where they were there, else the milliseconds until they are */
  take(kind: RateKind, key: string, cost = 1): number {
    const rate = this.#rates[kind];
    const buckets = this.#bucketsOf(kind, rate);
    const now = this.#now();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now, shut: false };
    const tokens = Math.min(
      rate.burst,
      bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * rate.perSecond,
    );
    const price = Math.min(cost, rate.burst);
    const needed = bucket.shut ? Math.max(price, Math.min(rate.reopensAt ?? 1, rate.burst)) : price;
    const missing = needed - tokens;
    const taken = missing < ROUNDING;
    buckets.set(key, { tokens: taken ? tokens - price : tokens, at: Math.max(now, bucket.at), shut: !taken });
    return taken ? 0 : Math.ceil((missing / rate.perSecond) * 1_000 - ROUNDING);
  }

  /** @throws Refused 'rate_limited' with the time to wait */
  demand(kind: RateKind, key: string, cost = 1): void {
    const wait = this.take(kind, key, cost);
    if (wait > 0) throw new Refused('rate_limited', undefined, { wait });
  }

  #bucketsOf(kind: RateKind, rate: Rate): Map<string, Bucket> {
    const buckets = this.#buckets.get(kind) ?? new Map<string, Bucket>();
    this.#buckets.set(kind, buckets);
    if (buckets.size >= KEPT) this.#shrink(buckets, rate);
    return buckets;
  }

  #shrink(buckets: Map<string, Bucket>, rate: Rate): void {
    const full = this.#now() - (rate.burst / rate.perSecond) * 1_000;
    for (const [key, bucket] of buckets) if (bucket.at <= full) buckets.delete(key);
    // A flood of fresh keys: the oldest go, so that memory stays bounded (attack 37).
    for (const key of buckets.keys()) {
      if (buckets.size < KEPT / 2) return;
      buckets.delete(key);
    }
  }
}

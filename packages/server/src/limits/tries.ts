/** Kept at once; beyond, those that weigh least by now are forgotten. */
const KEPT = 20_000;

/** How often something was tried lately, by its name and in memory only: each try weighs half after a half-life. */
export class Tries {
  readonly #halfLife: number;
  readonly #now: () => number;
  readonly #known = new Map<string, { weight: number; at: number }>();

  /** @param halfLife in milliseconds */
  constructor(halfLife: number, now: () => number) {
    this.#halfLife = halfLife;
    this.#now = now;
  }

  count(name: string): number {
    const known = this.#known.get(name);
    return known ? this.#weigh(known) : 0;
  }

  /** @param change minus one for a try that turned out to be no guess */
  add(name: string, change: 1 | -1 = 1): void {
    const weight = Math.max(0, this.count(name) + change);
    this.#known.delete(name);
    if (this.#known.size >= KEPT) this.#forget();
    this.#known.set(name, { weight, at: this.#now() });
  }

  #weigh({ weight, at }: { weight: number; at: number }): number {
    return weight * 2 ** ((at - this.#now()) / this.#halfLife);
  }

  #forget(): void {
    const lightest = [...this.#known].sort(([, one], [, other]) => this.#weigh(one) - this.#weigh(other));
    for (const [name] of lightest.slice(0, KEPT / 2)) this.#known.delete(name);
  }
}

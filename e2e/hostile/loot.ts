import type { Chance } from '../node/chance.ts';

/** Of each name, and of each shape, so many are remembered. */
const KEPT = 200;

/** Everything that a hostile account saw, to be said again where it does not belong. */
export class Loot {
  readonly #named = new Map<string, string[]>();
  readonly #shaped = new Map<number, string[]>();

  /** Takes every text out of what a server answered, or of what was sent to it. */
  keep(value: unknown, name = ''): void {
    if (typeof value === 'string') this.#put(name, value);
    else if (Array.isArray(value)) for (const each of value) this.keep(each, name);
    else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) this.keep(each, key);
  }

  /** A text that once stood under this name. */
  named(name: string, chance: Chance): string | undefined {
    return chance.pick(this.#named.get(name) ?? []);
  }

  /** A text of this length, whatever it was. */
  shaped(length: number, chance: Chance): string | undefined {
    return chance.pick(this.#shaped.get(length) ?? []);
  }

  #put(name: string, text: string): void {
    remember(this.#named, name, text);
    remember(this.#shaped, text.length, text);
  }
}

function remember<Key>(where: Map<Key, string[]>, key: Key, text: string): void {
  const known = where.get(key) ?? [];
  where.set(key, known);
  if (known.includes(text)) return;
  known.push(text);
  if (known.length > KEPT) known.shift();
}

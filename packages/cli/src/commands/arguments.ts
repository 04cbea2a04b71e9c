import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Texts } from '../texts/texts.ts';
import { UsageError } from './usage-error.ts';

/** The options that a usage has: `[--peek]`, `[--limit N]`, `[--file PATH …]`. */
export type FlagsIn<U extends string> = U extends `${string}[--${infer Flag}]${infer Rest}`
  ? FlagIn<Flag> & FlagsIn<Rest>
  : object;
type FlagIn<F extends string> = F extends `${infer Name} ${string} …`
  ? { readonly [N in Name]?: readonly string[] }
  : F extends `${infer Name} ${string}`
    ? { readonly [N in Name]?: string }
    : { readonly [N in F]?: boolean };

/** How `parseArgs` reads them. */
export const flagsIn = (usage: string) =>
  Object.fromEntries(
    [...usage.matchAll(/\[--([\w-]+)( [^\]]+)?\]/g)].map(([, name = '', value]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), multiple: value?.endsWith('…') ?? false },
    ]),
  );

/** Where the words come from. */
export interface Place {
  /**
   * Typed into a client that runs: nobody sees them as arguments of a process, and what they put into the outbox goes
   * out after the command.
   */
  readonly inside: boolean;
  /** Folder that paths begin from. */
  readonly folder: string;
}

/** The largest position there is. */
const LAST = 2 ** 48 - 1;

/** What stands behind the name of a command, taken from left to right. @throws UsageError where it is not what is expected */
export class Arguments<U extends string = string> {
  readonly flags: FlagsIn<U>;
  readonly inside: boolean;
  readonly #folder: string;
  readonly #usage: string;
  #words: readonly string[];

  constructor(words: readonly string[], flags: FlagsIn<U>, usage: string, { inside, folder }: Place) {
    this.#words = words;
    this.flags = flags;
    this.#usage = usage;
    this.inside = inside;
    this.#folder = folder;
  }

  /** The next word. */
  one(): string {
    return this.maybe() ?? this.missing();
  }

  maybe(): string | null {
    const [word = null, ...rest] = this.#words;
    this.#words = rest;
    return word;
  }

  /** The words that are left; at least one. */
  all(): readonly string[] {
    const words = this.rest();
    return words.length > 0 ? words : this.missing();
  }

  rest(): readonly string[] {
    const words = this.#words;
    this.#words = [];
    return words;
  }

  /** What the words that are left say together; at least one. */
  text(): string {
    return this.maybeText() ?? this.missing();
  }

  maybeText(): string | null {
    return this.rest().join(' ').trim() || null;
  }

  /** The last word, where it is one of these. */
  last<const T extends string>(choices: readonly T[]): T {
    const word = this.#words.at(-1) ?? this.missing();
    this.#words = this.#words.slice(0, -1);
    return oneOf(word, choices, this.#usage);
  }

  /** The words at the end that are digits only. */
  lastDigits(): string | null {
    const from = this.#words.findLastIndex((word) => !/^\d+$/.test(word)) + 1;
    const digits = this.#words.slice(from).join('');
    this.#words = this.#words.slice(0, from);
    return digits || null;
  }

  position(): number {
    return numberOf(this.one(), 'POSITION');
  }

  /** An absolute path. No shell stands before a running client: `~` is the home folder there. */
  path(text = this.text()): string {
    const home = this.inside && /^~(\/|$)/.test(text);
    return home ? join(homedir(), text.slice(1)) : resolve(this.#folder, text);
  }

  end(): void {
    const words = this.#words.join(' ');
    if (this.#words.length > 0) throw new UsageError((t) => t.wrong.nothingExpected({ words }));
  }

  /** @throws UsageError that says what is expected */
  missing(): never {
    throw new UsageError((t) => t.wrong.expected({ usage: this.#usage }));
  }
}

export function oneOf<const T extends string>(word: string, choices: readonly T[], name: string): T {
  const chosen = choices.find((choice) => choice === word);
  if (!chosen) throw new UsageError((t) => t.wrong.oneOf({ name, choices: anyOf(t, choices) }));
  return chosen;
}

export function numberOf(text: string, name: string, most = LAST): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new UsageError(({ wrong: t }) => (most === LAST ? t.number({ name }) : t.numberUpTo({ name, most })));
}

/** Choices as a sentence has them: `a, b or c`. */
export const anyOf = (t: Texts, choices: readonly string[]): string =>
  choices.length < 2
    ? choices.join()
    : t.wrong.or({ some: choices.slice(0, -1).join(', '), last: choices.at(-1) ?? '' });

/** What most lists take: how many of the last ones. */
export const limitOf = ({ limit = '30' }: { readonly limit?: string }): number => numberOf(limit, '--limit');

/** Words of a typed line; "quotes" hold together what has spaces. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

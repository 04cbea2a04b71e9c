import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../requests.ts';

/** Options next to the words of a command. */
export interface Flags {
  readonly guest?: boolean | undefined;
  readonly limit?: string | undefined;
  readonly peek?: boolean | undefined;
  readonly topic?: string | undefined;
  readonly add?: string | undefined;
  readonly history?: string | undefined;
  readonly days?: string | undefined;
  readonly reply?: string | undefined;
  readonly compared?: boolean | undefined;
  readonly file?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly to?: string | undefined;
  readonly 'no-files'?: boolean | undefined;
}

/** How `parseArgs` reads them. */
export const FLAGS = {
  guest: { type: 'boolean' },
  limit: { type: 'string' },
  peek: { type: 'boolean' },
  topic: { type: 'string' },
  add: { type: 'string' },
  history: { type: 'string' },
  days: { type: 'string' },
  reply: { type: 'string' },
  compared: { type: 'boolean' },
  file: { type: 'string', multiple: true },
  text: { type: 'string' },
  to: { type: 'string' },
  'no-files': { type: 'boolean' },
} as const;

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

export function nothingMore<R>(request: R, rest: readonly string[]): R {
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')}: nothing was expected here`);
  return request;
}

export function need(word: string | undefined, usage: string): string {
  if (word === undefined) throw new UsageError(`expected: ${usage}`);
  return word;
}

/** What the words say together; at least one. */
export const needText = (words: readonly string[], usage: string): string =>
  need(words.join(' ').trim() || undefined, usage);

export function needAll(words: readonly string[], usage: string): readonly string[] {
  need(words[0], usage);
  return words;
}

export function needOneOf<const T extends string>(
  word: string | undefined,
  choices: readonly T[],
  name: string,
): T {
  const chosen = choices.find((choice) => choice === word);
  if (!chosen) throw new UsageError(`${name}: expected ${choices.join(' or ')}`);
  return chosen;
}

export function needNumber(text: string | undefined, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`${name}: expected a number from 1`);
  return number;
}

/** An absolute path. No shell stands before a running client: `~` is the home folder there. */
export function pathOf(text: string, { inside, folder }: Place): string {
  return inside && /^~(\/|$)/.test(text) ? join(homedir(), text.slice(1)) : resolve(folder, text);
}

/** Words of a typed line; "quotes" hold together what has spaces. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

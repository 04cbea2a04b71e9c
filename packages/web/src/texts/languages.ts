import type { Like } from '@sotto/words';
import type { first } from './en/first.ts';
import type { opened } from './en/opened.ts';
import * as list from './list.ts';

type First = Like<typeof first>;
type Opened = Like<typeof opened>;

/** A language: what it calls itself, and its catalogues; English is the source of the others. */
interface Entry {
  readonly name: string;
  readonly first: () => Promise<{ readonly first: First }>;
  readonly opened: () => Promise<{ readonly opened: Opened }>;
}

export const LANGUAGES: Readonly<Record<keyof typeof list, Entry>> = list;

export type LanguageCode = keyof typeof LANGUAGES;

/** Each language by its own name. */
export const languageNames = Object.entries(LANGUAGES).map(
  ([code, { name }]) => [code as LanguageCode, name] as const,
);

export const isLanguage = (code: unknown): code is LanguageCode =>
  typeof code === 'string' && Object.hasOwn(LANGUAGES, code);

/**
 * @param choice what was chosen here, `system` where nothing was
 * @param wanted the browser's languages, the dearest first
 * @returns the language, and the locale for its dates and numbers: the browser's own where it is of that language
 */
export function chooseLanguage(
  choice: LanguageCode | 'system',
  wanted: readonly string[],
): { readonly code: LanguageCode; readonly locale: string } {
  const base = (tag: string) => tag.toLowerCase().split('-', 1)[0];
  const code = choice === 'system' ? (wanted.map(base).find(isLanguage) ?? 'en') : choice;
  return { code, locale: wanted.find((tag) => base(tag) === code) ?? code };
}

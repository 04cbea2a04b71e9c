import { type Like, speak } from '@sotto/words';
import type { first as enFirst } from './en/first.ts';
import type { opened as enOpened } from './en/opened.ts';
import { LANGUAGES, type LanguageCode } from './languages.ts';
import { createLocal } from './local.ts';
import type { FirstTexts, Texts } from './texts.ts';

/** A language that is loaded as far as the first screen needs it. */
export interface Language {
  readonly code: LanguageCode;
  readonly first: FirstTexts;
  /** The rest; loaded once, when it is asked for. */
  readonly opened: () => Promise<Texts>;
}

/** @throws TypeError where the server cannot be reached */
export async function loadLanguage(code: LanguageCode, locale: string): Promise<Language> {
  const { first } = await LANGUAGES[code].first();
  const spoken = speakFirst(first, locale);
  let rest: Promise<Texts> | undefined;
  const load = async () => speakOpened(spoken, (await LANGUAGES[code].opened()).opened, locale);
  return {
    code,
    first: spoken,
    opened: () => {
      rest ??= load().catch((error: unknown) => {
        rest = undefined; // the server may answer the next time
        throw error;
      });
      return rest;
    },
  };
}

export function speakFirst(first: Like<typeof enFirst>, locale: string): FirstTexts {
  const spoken = speak<typeof enFirst>(first, locale);
  return { ...spoken, local: createLocal(locale, spoken) };
}

export const speakOpened = (first: FirstTexts, opened: Like<typeof enOpened>, locale: string): Texts => ({
  ...first,
  ...speak<typeof enOpened>(opened, locale),
});

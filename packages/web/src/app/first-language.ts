import type { Preferences } from '../settings/preferences.ts';
import { chooseLanguage } from '../texts/languages.ts';
import { type Language, loadLanguage } from '../texts/load.ts';

/** The language to begin with: the one that was chosen here, else the browser's. */
export function firstLanguage({ language }: Preferences): Promise<Language> {
  const { code, locale } = chooseLanguage(language, navigator.languages);
  return loadLanguage(code, locale);
}

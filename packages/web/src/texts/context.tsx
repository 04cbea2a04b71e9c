import { createContext, type ReactNode, use, useContext, useLayoutEffect } from 'react';
import type { Language } from './load.ts';
import type { FirstTexts, Texts } from './texts.ts';

const LanguageContext = createContext<Language | null>(null);
const TextsContext = createContext<Texts | null>(null);

/** Lets everything below speak `language`, as far as the first screen does. */
export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  useLayoutEffect(() => {
    document.documentElement.lang = language.code;
  }, [language]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

/** Lets everything below say all there is to say; suspends until that is loaded. */
export function OpenedTexts({ children }: { children: ReactNode }) {
  return <TextsContext value={use(useLanguage().opened())}>{children}</TextsContext>;
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('useLanguage: expected to be below LanguageProvider');
  return language;
}

export const useFirstTexts = (): FirstTexts => useLanguage().first;

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('useTexts: expected to be below OpenedTexts');
  return texts;
}

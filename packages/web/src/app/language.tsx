import { type ReactNode, startTransition, useEffect, useState } from 'react';
import { LanguageProvider, useLanguage } from '../texts/context.tsx';
import { chooseLanguage } from '../texts/languages.ts';
import { type Language, loadLanguage } from '../texts/load.ts';
import { usePreferences, useRun } from './services.tsx';

/** Everything below speaks `initial`, and then what is chosen. */
export function Speaking({
  initial,
  children,
}: {
  initial: Language;
  children: (onLanguage: (language: Language) => void) => ReactNode;
}) {
  const [language, setLanguage] = useState(initial);
  return <LanguageProvider language={language}>{children(setLanguage)}</LanguageProvider>;
}

/** Loads the language that is chosen; the page goes on in the former one until then. */
export function FollowLanguage({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const [preferences] = usePreferences();
  const { code } = useLanguage();
  const run = useRun();
  const chosen = chooseLanguage(preferences.language, navigator.languages);
  useEffect(() => {
    if (chosen.code === code) return;
    let stopped = false;
    const follow = async () => {
      const language = await loadLanguage(chosen.code, chosen.locale);
      await language.opened();
      if (!stopped) startTransition(() => onLanguage(language));
    };
    run(follow());
    return () => {
      stopped = true;
    };
  }, [chosen.code, chosen.locale, code, onLanguage, run]);
  return null;
}

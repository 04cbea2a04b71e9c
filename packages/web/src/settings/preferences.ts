import { createStore, type Store } from '../app/observable.ts';
import { isLanguage, type LanguageCode } from '../texts/languages.ts';

/** What is on or off, and which of it is until somebody chooses. */
const SWITCHES = {
  /** Enter sends and Shift+Enter breaks the line; otherwise Ctrl+Enter sends. */
  enterSends: true,
  notifications: false,
  /** Show what was written in a notification, not only that something was. */
  contentPreview: true,
  sound: true,
  /** Mentions notify in muted conversations too. */
  mentionsBreakThrough: true,
  /** The question about notifications was answered with no. */
  notificationsDeclined: false,
};

/** Choices of this browser; nothing secret, so they rest in plain local storage. */
export interface Preferences extends Readonly<typeof SWITCHES> {
  readonly language: LanguageCode | 'system';
  readonly theme: 'system' | 'light' | 'dark';
}

export const DEFAULT_PREFERENCES: Preferences = { language: 'system', theme: 'system', ...SWITCHES };

const KEY = 'sotto.preferences';

/** Takes over what fits; anything else is as by default. */
export function parsePreferences(text: string | null): Preferences {
  if (text === null) return DEFAULT_PREFERENCES;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Written by something else, or cut: the defaults are a safe answer.
    return DEFAULT_PREFERENCES;
  }
  if (typeof value !== 'object' || value === null) return DEFAULT_PREFERENCES;
  const stored = value as { readonly [name in keyof Preferences]?: unknown };
  const { theme, language } = stored;
  const said = Object.keys(SWITCHES).flatMap((name) => {
    const on = stored[name as keyof typeof SWITCHES];
    return typeof on === 'boolean' ? [[name, on]] : [];
  });
  return {
    ...DEFAULT_PREFERENCES,
    ...Object.fromEntries(said),
    language: isLanguage(language) ? language : 'system',
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  };
}

const THEME_COLORS = { light: '#f3f5f5', dark: '#191d1f' } as const;

function applyTheme(theme: Preferences['theme']): void {
  const root = document.documentElement;
  if (theme === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', theme);
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = THEME_COLORS[theme === 'system' ? own : theme];
  }
}

/** Preferences that are stored, shared with the other tabs, and applied to the page. */
export function openPreferences(): Store<Preferences> {
  const store = createStore(parsePreferences(localStorage.getItem(KEY)));
  applyTheme(store.get().theme);
  window.addEventListener('storage', (event) => {
    if (event.key === KEY) {
      store.set(parsePreferences(event.newValue));
      applyTheme(store.get().theme);
    }
  });
  return {
    ...store,
    set: (next) => {
      localStorage.setItem(KEY, JSON.stringify(next));
      store.set(next);
      applyTheme(next.theme);
    },
  };
}

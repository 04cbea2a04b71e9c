import './design/tokens.css';
import './design/base.css';
import { firstLanguage } from './app/first-language.ts';
import { showInsecurePage } from './app/insecure-page.ts';
import { openPreferences } from './settings/preferences.ts';

const root = document.getElementById('root');
if (!root) throw new Error('main: expected an element #root');

const preferences = openPreferences();
const speaking = firstLanguage(preferences.get());

// Web Crypto exists in secure contexts only; nothing else is even loaded where it does not.
if (window.isSecureContext && typeof crypto.subtle === 'object') {
  const [{ start }, language] = await Promise.all([import('./app/start.tsx'), speaking]);
  start(root, { preferences, language });
} else {
  const { code, first } = await speaking;
  document.documentElement.lang = code;
  showInsecurePage(first, root);
}

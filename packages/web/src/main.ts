import './design/tokens.css';
import './design/base.css';
import { showInsecurePage } from './app/insecure-page.ts';

const root = document.getElementById('root');
if (!root) throw new Error('main: expected an element #root');

// Web Crypto exists in secure contexts only; nothing else is even loaded where it does not.
if (window.isSecureContext && typeof crypto.subtle === 'object') {
  const { start } = await import('./app/start.tsx');
  start(root);
} else {
  showInsecurePage(root);
}

import './insecure-page.css';
import type { FirstTexts } from '../texts/texts.ts';

/** Says why nothing works on an insecure address and what to do; needs nothing but the DOM. */
export function showInsecurePage(texts: FirstTexts, root: HTMLElement): void {
  const t = texts.insecure;
  const page = document.createElement('main');
  page.className = 'insecure';
  page.append(
    element('h1', t.title),
    element('p', t.why),
    element('p', t.here({ origin: location.origin })),
    element('h2', t.what),
  );
  const remedies = document.createElement('ul');
  remedies.append(...Object.values(t.remedies).map((remedy) => element('li', remedy)));
  page.append(remedies);
  root.replaceChildren(page);
}

function element(tag: 'h1' | 'h2' | 'p' | 'li', text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/**
 * The interface on an in-memory engine, for development, screenshots and audits of states that are hard
 * to reach. Not part of the build. Choices in the address: `?as=new` starts at the welcome screen,
 * `?as=alone` signs in with nobody else there, `?slow` makes every step take a while, `?closed`, `?down`,
 * `?account` has a password, `?state=` is `offline`, `connecting`, `refused`, `removed`, `left`, `notices`, `locked`,
 * `new-device` or `recoverable`.
 */
import '../src/design/tokens.css';
import '../src/design/base.css';
import { firstLanguage } from '../src/app/first-language.ts';
import { render } from '../src/app/render.tsx';
import { rememberAccount } from '../src/app/session.ts';
import { openPreferences } from '../src/settings/preferences.ts';
import { createDemoSotto } from './demo-sotto.ts';
import { account } from './ids.ts';

const root = document.getElementById('root');
if (!root) throw new Error('demo: expected an element #root');
const query = new URLSearchParams(location.search);
const as = query.get('as') ?? 'Alice';
if (as !== 'new' && as !== 'stored') rememberAccount(account(as));
const preferences = openPreferences();
const language = await firstLanguage(preferences.get());
render(root, createDemoSotto({ as, query }), { preferences, language });

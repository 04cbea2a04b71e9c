import type { Speech } from '@sotto/words';
import type { first } from './en/first.ts';
import type { opened } from './en/opened.ts';
import type { Local } from './local.ts';

/** What the first screen says; there wherever something is shown. */
export type FirstTexts = Speech<typeof first> & { readonly local: Local };

/** Everything that is said once an account is open. */
export type Texts = FirstTexts & Speech<typeof opened>;

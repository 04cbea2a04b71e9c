import type { Speech } from '@sotto/words';
import type { en } from './en/index.ts';

/** What this terminal says, in the language of the person in front of it. */
export type Texts = Speech<typeof en>;

/** A sentence that is made where it is said. */
export type Say = (texts: Texts) => string;

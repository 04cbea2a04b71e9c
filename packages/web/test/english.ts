import { first } from '../src/texts/en/first.ts';
import { opened } from '../src/texts/en/opened.ts';
import { speakFirst, speakOpened } from '../src/texts/load.ts';

/** The page's words in English. */
export const texts = speakOpened(speakFirst(first, 'en'), opened, 'en');

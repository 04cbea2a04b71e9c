import { breaches, failures } from '@sotto/words/en';
import { commands, sections, typed } from './commands.ts';
import { conversation } from './conversation.ts';
import { screen } from './screen.ts';
import { session } from './session.ts';

/** English: the source of other languages. */
export const en = {
  breaches,
  failures,
  commands,
  sections,
  typed,
  ...conversation,
  ...screen,
  ...session,
} as const;

import { speak } from '@sotto/words';
import { UsageError } from '../../src/commands/usage-error.ts';
import { en } from '../../src/texts/en/index.ts';

/** The terminal's words in English. */
export const texts = speak(en, 'en');

/** What a person is told who asks for what does not fit together. */
export function refusal(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    if (error instanceof UsageError) return error.say(texts);
    throw error;
  }
  throw new Error('expected it to be refused');
}

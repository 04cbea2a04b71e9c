import { unknownWords } from '@sotto/client';
import { texts } from '../texts/index.ts';

const PHRASE_WORDS = 24;
const ASKED = 3;

/** The words of a phrase as people type or paste it: with numbers, line breaks, commas, capitals. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

/** What is wrong with a phrase, as far as it can be told here; null where it may be right. */
export function phraseProblem(text: string): string | null {
  const words = wordsOf(text);
  if (words.length === 0) return texts.recover.missing;
  const unknown = [...new Set(unknownWords(words))];
  if (unknown.length > 0) {
    const quoted = unknown.slice(0, ASKED).map((word) => `“${word}”`);
    return texts.recover.unknown(texts.words.and(quoted), quoted.length > 1);
  }
  return words.length === PHRASE_WORDS ? null : texts.recover.count(words.length);
}

/** Which words are asked back, as places from 0, in order. @param random 32-bit numbers, three or more */
export function placesToAsk(random: Iterable<number>, count = PHRASE_WORDS): readonly number[] {
  const rest = Array.from({ length: count }, (_, place) => place);
  const asked: number[] = [];
  for (const value of random) {
    if (asked.length === ASKED) break;
    asked.push(...rest.splice(value % rest.length, 1));
  }
  return asked.sort((a, b) => a - b);
}

export const sameWord = (typed: string, word: string | undefined): boolean =>
  wordsOf(typed).join(' ') === word;

import { unknownWords } from '@sotto/client';
import type { FirstTexts } from '../texts/texts.ts';

const PHRASE_WORDS = 24;
const ASKED = 3;

/** The words of a phrase as people type or paste it: with numbers, line breaks, commas, capitals. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

/** What is wrong with a phrase, as far as it can be told here; null where it may be right. */
export function phraseProblem(texts: FirstTexts, text: string): string | null {
  const words = wordsOf(text);
  if (words.length === 0) return texts.recover.missing;
  const unknown = [...new Set(unknownWords(words))];
  if (unknown.length > 0) {
    const quoted = unknown.slice(0, ASKED).map((word) => `“${word}”`);
    return texts.recover.unknown({ words: texts.local.and(quoted), count: quoted.length });
  }
  const found = words.length;
  if (found < PHRASE_WORDS) return texts.recover.tooFew({ found, missing: PHRASE_WORDS - found });
  return found > PHRASE_WORDS ? texts.recover.tooMany({ found, extra: found - PHRASE_WORDS }) : null;
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

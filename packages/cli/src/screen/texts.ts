import { createContext, useContext } from 'react';
import type { Texts } from '../texts/texts.ts';

/** The words of the screen. */
export const TextsContext = createContext<Texts | null>(null);

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('useTexts: expected to be below TextsContext');
  return texts;
}

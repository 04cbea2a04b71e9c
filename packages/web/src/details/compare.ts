const DIGITS = 60;

/** What somebody typed, pasted or scanned, against one's own safety number. */
export type Comparison =
  | { readonly result: 'empty' }
  | { readonly result: 'match' }
  | { readonly result: 'different' }
  /** The same as far as it goes. */
  | { readonly result: 'incomplete'; readonly left: number };

export const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** Whether a scanned code can be a safety number at all. */
export const isSafetyNumber = (text: string): boolean => digitsOf(text).length === DIGITS;

/** K4: compares digit by digit; spaces and line breaks do not matter. */
export function compareNumbers(own: string, other: string): Comparison {
  const [mine, theirs] = [digitsOf(own), digitsOf(other)];
  if (theirs === '') return { result: 'empty' };
  if (mine === theirs) return { result: 'match' };
  if (theirs.length >= mine.length || !mine.startsWith(theirs)) return { result: 'different' };
  return { result: 'incomplete', left: mine.length - theirs.length };
}

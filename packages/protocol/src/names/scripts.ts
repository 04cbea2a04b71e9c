/** UAX 31, table 5: scripts in everyday use. */
const RECOMMENDED = [
  ...['Arabic', 'Armenian', 'Bengali', 'Bopomofo', 'Cyrillic', 'Devanagari', 'Ethiopic', 'Georgian', 'Greek'],
  ...['Gujarati', 'Gurmukhi', 'Han', 'Hangul', 'Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao'],
  ...['Latin', 'Malayalam', 'Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
];

/** Written together every day (UTS 39, 5.2: highly restrictive). */
const MIXTURES = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

/** Texts in one script, or in one of the mixtures; what belongs to all scripts stands in each. */
const SETS = [...MIXTURES, ...RECOMMENDED.map((script) => [script])].map((scripts) => {
  const members = ['Common', 'Inherited', ...scripts].map((script) => `\\p{scx=${script}}`);
  return new RegExp(`^[${members.join('')}]*$`, 'u');
});

const DIGIT = /^\p{Nd}$/u;

const inOneSet = (text: string): boolean => SETS.some((set) => set.test(text));

/** UTS 39, 5.1 to 5.3: the first character that is of another script, or another system of digits, than those before it. */
export function strayCharacter(characters: readonly string[]): string | undefined {
  if (!inOneSet(characters.join(''))) {
    return characters.find((_each, index) => !inOneSet(characters.slice(0, index + 1).join('')));
  }
  // The ten digits of a system follow one another.
  const digits = characters.filter((character) => DIGIT.test(character));
  const apart = (a: string, b: string) => Math.abs((a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)) > 9;
  return digits.find((digit, index) => digits.slice(0, index).some((earlier) => apart(digit, earlier)));
}

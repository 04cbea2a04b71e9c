/**
 * Where ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER change how a word is read and so may stand in it: UAX 31 (A1, A2, B), which
 * is RFC 5892, appendices A.1 and A.2. Elsewhere they are invisible, and two names would look like one.
 */
const NON_JOINER = '\u200c';

/** Arabic letters that join to none, or only to the one before (Joining_Type U and R of Unicode 17). */
const LOOSE = '\u0621\u0640\u0674\u06e5\u06e6\u0883-\u0885\u0887\u08ad\u08c9';
const RIGHT =
  '\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5\u06ee\u06ef\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779\u0870-\u0882\u088e\u08aa-\u08ac\u08ae\u08b1\u08b2\u08b9';

/** A1: behind a letter that joins on, before one that joins back; marks in between do not count. */
const BEFORE_BREAK = new RegExp(`(?![${LOOSE}${RIGHT}])\\p{scx=Arabic}(?<=\\p{L})\\p{Mn}*$`, 'u');
const AFTER_BREAK = new RegExp(`^\\p{Mn}*(?![${LOOSE}])\\p{scx=Arabic}(?<=\\p{L})`, 'u');

/** Signs that take a consonant's vowel away (canonical combining class 9), of the scripts that names may have. */
const VIRAMA =
  '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d3b\\u0d3c\\u0d4d\\u0dca\\u0e3a\\u0eba\\u0f84\\u1039\\u103a\\u17d2]';

/** A2, B: right behind such a sign, not before a vowel sign. */
const BEHIND_VIRAMA = new RegExp(`\\p{L}\\p{M}*${VIRAMA}$`, 'u');
const VOWEL_SIGN = /^\p{M}/u;

/** May the joiner that stands between these two parts of a text stand there? */
export function joinerFits(joiner: string, before: string, after: string): boolean {
  if (BEHIND_VIRAMA.test(before) && !VOWEL_SIGN.test(after)) return true;
  return joiner === NON_JOINER && BEFORE_BREAK.test(before) && AFTER_BREAK.test(after);
}

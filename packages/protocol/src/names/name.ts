import * as v from 'valibot';
import { LIMITS } from '../limits.ts';
import { joinerFits } from './joiners.ts';
import { strayCharacter } from './scripts.ts';

export const NameFlawSchema = v.variant('rule', [
  v.object({ rule: v.picklist(['empty', 'long']) }),
  /** `character`: that none may have. `place`: that may not stand where it does. `script`: of another script than the rest. */
  v.object({
    rule: v.picklist(['character', 'place', 'script']),
    character: v.pipe(v.string(), v.maxLength(2)),
  }),
]);
/** Why a name is none, and by which character. */
export type NameFlaw = v.InferOutput<typeof NameFlawSchema>;

/** Letters, their marks, decimal digits and 〇; what Unicode writes in a plainer way is written in that way (NFKC). */
const LETTER = /^[\p{L}\p{Nd}\p{Nl}]$/u;
const MARK = /^\p{M}$/u;
const HIDDEN = /\p{Default_Ignorable_Code_Point}/gu;
const INVISIBLE_JOINERS = ['\u200c', '\u200d'];

/**
 * What holds the parts of a name together: UAX 31, tables 3 and 3a (' ’ - ‐ · ‧ . and those of Armenian, Hebrew, Tibetan and
 * Katakana), the low line and the space. Each stands between letters; after `mayEnd` the name or the word may end.
 */
const JOINERS = " '’-‐·‧._\u058a\u05f3\u05f4\u0f0b\u30a0\u30fb";
const MAY_END = "._'’\u05f3\u0f0b";
/** More marks than that on a letter, or one twice, are a pile that hides others (UTS 39, 5.4). */
const PILE = /\p{M}{4}(?<pile>\p{M})|(?<twice>\p{M})\k<twice>/u;

/** Different on the keyboard, one in a name. */
const SAME_JOINER: Readonly<Record<string, string>> = { '’': "'", ʼ: "'", '‐': '-', '‧': '·' };

/** A person's public name as shown: NFC, single spaces, trimmed. */
export function normaliseName(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}

/** Full case folding, letter by letter, so that no letter depends on its neighbours (ß and SS, ς and Σ). */
const foldCase = (text: string): string =>
  [...text.toUpperCase()].map((letter) => letter.toLowerCase()).join('');

const foldOnce = (text: string): string =>
  foldCase(text.normalize('NFKC').replace(HIDDEN, ''))
    .normalize('NFKC')
    .replace(/[’ʼ‐‧]/g, (joiner) => SAME_JOINER[joiner] ?? joiner);

/** Names equal under this are one name: toNFKC_Casefold of Unicode, and joiners that are typed in several ways. */
export function foldName(name: string): string {
  let folded = normaliseName(name);
  for (let last = ''; folded !== last; ) {
    last = folded;
    folded = normaliseName(foldOnce(folded));
  }
  return folded;
}

/** What keeps a name, as `normaliseName` gives it, from being one; undefined for a name (attack 49). */
export function nameFlaw(name: string): NameFlaw | undefined {
  const characters = [...name];
  if (characters.length === 0) return { rule: 'empty' };
  if (characters.length > LIMITS.nameLength) return { rule: 'long' };
  const character = characters.find((each) => !isNameCharacter(each));
  if (character !== undefined) return { rule: 'character', character };
  const misplaced = characters.find((_each, index) => !isPlaced(characters, index));
  const { pile, twice } = PILE.exec(name.normalize('NFD'))?.groups ?? {};
  const place = misplaced ?? pile ?? twice;
  if (place !== undefined) return { rule: 'place', character: place };
  const stray = strayCharacter(characters);
  return stray === undefined ? undefined : { rule: 'script', character: stray };
}

/** Is this a character of names, in some script? */
export const mayStandInName = (character: string): boolean =>
  isNameCharacter(character) && strayCharacter([character]) === undefined;

function isNameCharacter(character: string): boolean {
  if (JOINERS.includes(character) || INVISIBLE_JOINERS.includes(character)) return true;
  if (!LETTER.test(character) && !MARK.test(character)) return false;
  return character.normalize('NFKC') === character && character.search(HIDDEN) < 0;
}

function isPlaced(characters: readonly string[], index: number): boolean {
  const character = characters[index] ?? '';
  if (LETTER.test(character)) return true;
  const before = characters[index - 1] ?? '';
  const after = characters[index + 1] ?? '';
  if (MARK.test(character)) return LETTER.test(before) || MARK.test(before);
  if (INVISIBLE_JOINERS.includes(character)) {
    return joinerFits(character, characters.slice(0, index).join(''), characters.slice(index + 1).join(''));
  }
  return followsWell(character, before) && leadsOn(character, after);
}

const isOne = (character: string, of: string): boolean => character !== '' && of.includes(character);

/** A joiner has a letter before it; behind a full stop a space, behind a space what stands for letters: “van ’t Hoff”. */
const followsWell = (joiner: string, before: string): boolean =>
  LETTER.test(before) ||
  MARK.test(before) ||
  (isOne(before, MAY_END) && isOne(joiner, ' -‐')) ||
  (before === ' ' && isOne(joiner, "'’"));

/** … and a letter behind it, unless the name or the word may end with it. */
const leadsOn = (joiner: string, after: string): boolean =>
  LETTER.test(after) ||
  (joiner === ' ' && isOne(after, "'’")) ||
  (isOne(joiner, MAY_END) && (after === '' || isOne(after, ' -‐')));

/** What a name that somebody signed or a server says may be shown as; '' where it breaks the rules of names. */
export function shownName(name: string): string {
  const parsed = v.safeParse(NameSchema, name);
  return parsed.success ? parsed.output : '';
}

export const NameSchema = v.pipe(
  v.string('name: expected text'),
  v.maxLength(200, 'name: too long'),
  v.transform(normaliseName),
  v.check((name) => nameFlaw(name) === undefined, 'name: none that an account may have'),
);

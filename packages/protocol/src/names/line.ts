import { joinerFits } from './joiners.ts';

/** Emoji as a whole, or one character that is not seen and yet does something: controls, directions, fillers, half pairs. */
const PIECES =
  /\p{RGI_Emoji}|[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gv;
const JOINERS = ['\u200c', '\u200d'];
/** Chooses between the picture and the letter before it. */
const STYLE = /^[\ufe0e\ufe0f]$/;

/** The hidden characters of a text with their places, save those that a word or an emoji needs. */
function* hiddenIn(text: string): Generator<{ readonly at: number; readonly character: string }> {
  for (const { 0: piece, index: at } of text.matchAll(PIECES)) {
    if ([...piece].length > 1 || /^\p{RGI_Emoji}$/v.test(piece)) continue;
    const before = text.slice(0, at);
    if (JOINERS.includes(piece) && joinerFits(piece, before, text.slice(at + 1))) continue;
    if (STYLE.test(piece) && /[\p{Emoji}]$/v.test(before)) continue;
    yield { at, character: piece };
  }
}

/** Attack 49: the first character of a room's name or topic that would be hidden from who reads it; undefined for none. */
export function hiddenCharacter(text: string): string | undefined {
  for (const { character } of hiddenIn(text)) return character;
  return undefined;
}

/** What somebody named something, on one line: each hidden character is seen as one, or `instead`. */
export function plainLine(text: string, instead = '\ufffd'): string {
  let plain = '';
  let from = 0;
  for (const { at, character } of hiddenIn(text)) {
    plain += `${text.slice(from, at)}${/\s/.test(character) ? ' ' : instead}`;
    from = at + character.length;
  }
  return plain + text.slice(from);
}

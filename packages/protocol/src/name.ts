import * as v from 'valibot';
import { LIMITS } from './limits.ts';

/** Characters that show nothing (fillers, joiners, variation selectors) would make two names look like one. */
const ALLOWED = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}][\p{L}\p{M}\p{N} ._'-]*$/u;

/** A person's public name as shown: NFC, single spaces, trimmed. */
export function normaliseName(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ');
}

/** Names equal under this are one name: NFKC, lower case. */
export function foldName(name: string): string {
  return normaliseName(name.normalize('NFKC').toLowerCase().normalize('NFKC'));
}

export const NameSchema = v.pipe(
  v.string('name: expected text'),
  v.maxLength(200, 'name: too long'),
  v.transform(normaliseName),
  v.check(
    (name) => name.length >= 1 && [...name].length <= LIMITS.nameLength,
    'name: expected 1 to 40 characters',
  ),
  v.regex(ALLOWED, "name: expected letters, digits, spaces or . _ ' -"),
);

import { joinerFits } from './names/joiners.ts';

/** Why a text cannot be a password, and by which character. */
export type PasswordFlaw =
  | { readonly rule: 'empty' }
  | { readonly rule: 'character'; readonly character: string };

export type PreparedPassword =
  | { readonly ok: true; readonly password: string }
  | { readonly ok: false; readonly flaw: PasswordFlaw };

/**
 * RFC 8265, section 4.2 (OpaqueString): before a password is used, however it was typed. Spaces of other scripts become the
 * usual one, composed and decomposed letters one form (NFC); case, width and the ends stay as they are.
 */
export function preparePassword(text: string): PreparedPassword {
  const password = text.replace(/\p{Zs}/gu, ' ').normalize('NFC');
  if (password === '') return { ok: false, flaw: { rule: 'empty' } };
  let at = 0;
  for (const character of password) {
    if (!isFreeform(character, password.slice(0, at), password.slice(at + character.length))) {
      return { ok: false, flaw: { rule: 'character', character } };
    }
    at += character.length;
  }
  return { ok: true, password };
}

/** RFC 8264, section 9.6, exceptions that are disallowed; section 9.9, old Hangul jamo. */
const DISALLOWED = /^[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]$/u;
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]$/u;
const VALID = /^[\p{L}\p{M}\p{N}\p{S}\p{P}\p{Zs}]$/u;

/** RFC 8264, section 8: is this character of the FreeformClass where it stands? */
function isFreeform(character: string, before: string, after: string): boolean {
  const fits = CONTEXTS.find(({ characters }) => characters.test(character))?.fits;
  if (fits) return fits({ character, before, after });
  return !DISALLOWED.test(character) && !IGNORABLE.test(character) && VALID.test(character);
}

interface Place {
  readonly character: string;
  readonly before: string;
  readonly after: string;
}

/** RFC 5892, appendix A: what is right in some places only. */
const CONTEXTS: readonly { readonly characters: RegExp; fits(place: Place): boolean }[] = [
  {
    characters: /^[\u200c\u200d]$/u,
    fits: ({ character, before, after }) => joinerFits(character, before, after),
  },
  { characters: /^\u00b7$/u, fits: ({ before, after }) => before.endsWith('l') && after.startsWith('l') },
  { characters: /^\u0375$/u, fits: ({ after }) => /^\p{Script=Greek}/u.test(after) },
  { characters: /^[\u05f3\u05f4]$/u, fits: ({ before }) => /\p{Script=Hebrew}$/u.test(before) },
  {
    characters: /^\u30fb$/u,
    fits: ({ before, after }) =>
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(before + after),
  },
  { characters: /^[\u0660-\u0669]$/u, fits: ({ before, after }) => !/[\u06f0-\u06f9]/u.test(before + after) },
  { characters: /^[\u06f0-\u06f9]$/u, fits: ({ before, after }) => !/[\u0660-\u0669]/u.test(before + after) },
];

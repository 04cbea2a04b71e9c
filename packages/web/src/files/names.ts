/**
 * Marks that turn the direction of text or hide in it: a name with them can show another ending than it has. The two that
 * join letters stay: words of some scripts are wrong without them.
 */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}|[\u115f\u1160\u3164\uffa0]/gu;
const NOT_IN_NAMES = /[/\\:*?"<>|]/g;
/** Names that Windows keeps for devices. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;
const LONGEST = 160;
const FALLBACK = 'file';

/** A sender's name for a file as it is shown: one line, nothing that hides or turns (attack 31). */
export function shownName(name: string): string {
  const shown = name.replace(INVISIBLE, '').trim();
  return shown === '' ? FALLBACK : shown;
}

/** The name under which it is saved: no path, nothing hidden, no name that a system treats in a special way. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(INVISIBLE, '')
    .replace(NOT_IN_NAMES, '_')
    .replace(/^\s+|[\s.]+$/g, '')
    .replace(/^\.+(?=\.)/, ''); // `.env` is a name
  if (plain === '') return FALLBACK;
  const { stem, ending } = splitName(plain);
  const short = `${[...stem].slice(0, LONGEST - ending.length).join('')}${ending}`;
  return RESERVED.test(short) ? `_${short}` : short;
}

/** A name and its ending with the dot, which is shown in full however little room there is. */
export function splitName(name: string): { readonly stem: string; readonly ending: string } {
  const found = /^(.+)(\.[^.\s]{1,10})$/.exec(name);
  return { stem: found?.[1] ?? name, ending: found?.[2] ?? '' };
}

/** The header that makes a browser save and not show (RFC 6266), for any name. */
export function attachmentHeader(name: string): string {
  const encoded = encodeURIComponent(safeName(name)).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename*=UTF-8''${encoded}`;
}

const encoder = new TextEncoder();

/** Cuts the stem so that the whole has at most `bytes` bytes in UTF-8: what a message may carry. */
export function fitName(name: string, bytes: number): string {
  if (encoder.encode(name).length <= bytes) return name;
  const { stem, ending } = splitName(name);
  const letters = [...stem];
  while (letters.length > 0 && encoder.encode(letters.join('') + ending).length > bytes) letters.pop();
  return letters.length === 0 ? FALLBACK : letters.join('') + ending;
}

/** The same name with another ending, for a picture that changes its format. */
export const withEnding = (name: string, ending: string): string => `${splitName(name).stem}.${ending}`;

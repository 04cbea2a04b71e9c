/** Joins emoji and letters of some scripts; harmless to a terminal. */
const JOINERS = '\u200c\u200d';

/** C0, DEL and C1 controls, bidi and other format characters, line and paragraph separators. */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * What may go to a terminal: nobody's text steers it (attack 31). Everything that leaves passes here, whatever it
 * holds (`io.ts`, `screen/text.ts`, `session/ask.ts`).
 */
export const plain = (text: string): string =>
  text.replace(STEERING, (sign) => (sign === '\n' || sign === '\t' || JOINERS.includes(sign) ? sign : '�'));

/** For what somebody else wrote: its lines cannot pass for lines of this program. */
export const harmless = (text: string): string => plain(text.replace(/\t/g, ' ')).replace(/\n/g, '\n    ');

/** For names and titles: one line. */
export const harmlessLine = (text: string): string => harmless(text.replace(/\s+/g, ' '));

/** A value for `--json`: the same value to whoever parses it, and nothing in it that steers a terminal. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(STEERING, (sign) =>
    Array.from({ length: sign.length }, (_, at) => escaped(sign.charCodeAt(at))).join(''),
  );

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`;

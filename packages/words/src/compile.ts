import { type MessageFormatElement, parse } from '@formatjs/icu-messageformat-parser';
import type { Catalogue } from './catalogue.ts';

/** A catalogue whose messages with parameters are read already: `speak` takes it as it takes the catalogue. */
export interface Compiled {
  readonly [name: string]: string | readonly MessageFormatElement[] | Compiled;
}

/** What stands as it is written needs no reading. */
export const isPlain = (message: string): boolean => !message.includes('{');

/** @throws SyntaxError where the message is not of the ICU's syntax */
export const read = (message: string): MessageFormatElement[] => parse(message, { ignoreTag: true });

/**
 * Reads every message at build time, so that what shows them goes without the reader.
 *
 * @throws SyntaxError where a message is not of the ICU's syntax
 */
export function compile(catalogue: Catalogue): Compiled {
  return Object.fromEntries(
    Object.entries(catalogue).map(([name, entry]) => {
      if (typeof entry !== 'string') return [name, compile(entry)];
      return [name, isPlain(entry) ? entry : read(entry)];
    }),
  );
}

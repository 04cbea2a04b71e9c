import type { Say } from '../../texts/texts.ts';
import type { Arguments } from '../arguments.ts';
import type { Want } from '../command.ts';
import { safety } from './safety.ts';

/** `digits` null: asked for. They say which key is meant. */
interface Compared {
  readonly person: string;
  readonly digits: string | null;
}

/** What a command takes that compares digits. @param question what the digits are */
export const compared = (question: (person: string) => Say) => ({
  /** A name may have spaces, and so may the digits. */
  read(line: Arguments): Compared {
    const digits = line.lastDigits();
    return { person: line.text(), digits };
  },
  wants: (input: Compared): Want<Compared> | null =>
    input.digits === null
      ? {
          question: question(input.person),
          with: (digits) => ({ ...input, digits }),
          // Those there are to compare.
          inside: { command: safety, input: { person: input.person } },
        }
      : null,
});

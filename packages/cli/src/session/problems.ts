import { ClientError } from '@sotto/client';
import { EXIT, type Exit } from '../commands/exit.ts';
import { UsageError } from '../commands/usage-error.ts';
import { harmlessLine } from '../text/harmless.ts';
import { minute } from '../text/time.ts';

/** The store failed; something a server or a link said broke a rule; the engine cannot take what it was given. */
const TOLD = ['StorageError', 'VerificationError', 'UsageError'];

function wordsOf({ message, names, flaw, since }: ClientError): string {
  if (since !== undefined) {
    return `${message} What it shows is of ${minute(since)} UTC; what changed since is missing. Ask whoever runs the server whether it was restored from a backup.`;
  }
  if (names) {
    const { shown, name } = names;
    return `The server showed ${shown}, but this person's own signature says ${name}. Nothing was sent. If it is ${name} you mean, do it again by that name.`;
  }
  return flaw && 'character' in flaw ? `${message} ${FLAWS[flaw.rule](signWords(flaw.character))}` : message;
}

const FLAWS = {
  character: (sign: string) => `${sign} cannot stand in it.`,
  place: (sign: string) => `${sign} cannot stand where it does.`,
  script: (sign: string) => `${sign} is of another alphabet than the rest.`,
} as const;

const signWords = (character: string): string => {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `“${character}” (${code})` : code;
};

/** What the person is told of a failure. @throws the error itself where it is a fault of this program */
export function problemOf(error: unknown): { message: string; code: Exit } {
  if (error instanceof UsageError) return { message: harmlessLine(error.message), code: EXIT.usage };
  if (error instanceof ClientError) {
    const rule = error.rule ? ` (rule ${error.rule})` : '';
    return { message: harmlessLine(`${wordsOf(error)}${rule}`), code: EXIT.failed };
  }
  // Classes of packages this one does not import: their sentences are for the user.
  if (error instanceof Error && TOLD.includes(error.name))
    return { message: harmlessLine(error.message), code: EXIT.failed };
  throw error;
}

import { ClientError } from '@sotto/client';
import { EXIT, type Exit } from '../commands/task.ts';
import { UsageError } from '../requests.ts';
import { harmlessLine } from '../text/words.ts';

/** The store failed; something a server or a link said broke a rule; the engine cannot take what it was given. */
const TOLD = ['StorageError', 'VerificationError', 'UsageError'];

/** What the person is told of a failure. @throws the error itself where it is a fault of this program */
export function problemOf(error: unknown): { message: string; code: Exit } {
  if (error instanceof UsageError) return { message: harmlessLine(error.message), code: EXIT.usage };
  if (error instanceof ClientError) {
    const rule = error.rule ? ` (rule ${error.rule})` : '';
    return { message: harmlessLine(`${error.message}${rule}`), code: EXIT.failed };
  }
  // Classes of packages this one does not import: their sentences are for the user.
  if (error instanceof Error && TOLD.includes(error.name))
    return { message: harmlessLine(error.message), code: EXIT.failed };
  throw error;
}

import { asTold, ClientError, type Failure } from '@sotto/client';
import { sayFailure } from '@sotto/words';
import { EXIT, type Exit } from '../commands/exit.ts';
import { NotDone, UsageError } from '../commands/usage-error.ts';
import type { Io } from '../io.ts';
import { harmlessLine } from '../text/harmless.ts';
import { minute } from '../text/time.ts';
import type { Texts } from '../texts/texts.ts';

/** What the person is told of a failure. @throws the error itself where it is a fault of this program */
export function problemOf(t: Texts, error: unknown): { message: string; code: Exit } {
  if (error instanceof UsageError)
    return {
      message: harmlessLine(error.say(t)),
      code: error instanceof NotDone ? EXIT.failed : EXIT.usage,
    };
  const told = asTold(error);
  if (!(told instanceof ClientError)) throw error;
  const what = failureWords(t, told);
  const message = told.rule ? t.undone.byRule({ what, rule: told.rule }) : what;
  return { message: harmlessLine(message), code: EXIT.failed };
}

export const failureWords = ({ failures }: Texts, failure: Failure): string =>
  sayFailure(failures, (time) => `${minute(time)} UTC`, failure);

/** Work beside what was asked for: what it fails with is a remark. */
export function beside({ texts, note }: Pick<Io, 'texts' | 'note'>, work: Promise<void>): void {
  work.catch((error: unknown) => note(problemOf(texts, error).message));
}

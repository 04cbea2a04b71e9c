import { asTold, ClientError, type ClientErrorCode, type Failure } from '@sotto/client';
import { sayFailure } from '@sotto/words';
import type { FirstTexts } from './texts.ts';

/** What went wrong in plain words, with the broken rule where one is known. */
export interface ErrorWords {
  readonly text: string;
  readonly rule: string | null;
  /** Where there are no words for it: what it says of itself, for developers. It stands behind "Details". */
  readonly cause?: string;
  /** Of the engine's errors: what kind it is. */
  readonly code: ClientErrorCode | null;
  /** Of whom the user was told that they are called otherwise than shown. */
  readonly names?: ClientError['names'];
}

export function errorWords(texts: FirstTexts, error: unknown): ErrorWords {
  const told = asTold(error);
  if (told instanceof ClientError) {
    const { code, names, rule = null } = told;
    return { text: failureWords(texts, told), rule, code, names };
  }
  const cause = error instanceof Error ? error.message : String(error);
  return { text: texts.errors.unexpected, rule: null, cause, code: null };
}

export const failureWords = ({ errors, local }: FirstTexts, failure: Failure): string =>
  sayFailure(errors, local.exact, failure);

/** Where only the password is asked for, the server's "name or password" would send people looking for a name. */
export const passwordWords = (texts: FirstTexts, error: ErrorWords | null): ErrorWords | null =>
  error?.code === 'bad_login' ? { ...error, text: texts.errors.wrongPassword } : error;

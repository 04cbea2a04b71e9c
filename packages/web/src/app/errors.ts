import { ClientError, type ClientErrorCode } from '@sotto/client';
import { texts } from '../texts/index.ts';

/** What went wrong in plain words, with the broken rule where one is known. */
export interface ErrorWords {
  readonly message: string;
  readonly rule: string | null;
  /** Of the engine's errors: what kind it is. */
  readonly code: ClientErrorCode | null;
}

export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ClientError)
    return { message: error.message, rule: error.rule ?? null, code: error.code };
  const cause = error instanceof Error ? error.message : String(error);
  return { message: texts.errors.unexpected(cause), rule: null, code: null };
}

/** Where only the password is asked for, the server's "name or password" would send people looking for a name. */
export const passwordWords = (error: ErrorWords | null): ErrorWords | null =>
  error?.code === 'bad_login' ? { ...error, message: texts.errors.wrongPassword } : error;

import { ClientError } from '@sotto/client';
import { texts } from '../texts/index.ts';

/** What went wrong in plain words, with the broken rule where one is known. */
export interface ErrorWords {
  readonly message: string;
  readonly rule: string | null;
}

export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ClientError) return { message: error.message, rule: error.rule ?? null };
  const cause = error instanceof Error ? error.message : String(error);
  return { message: texts.errors.unexpected(cause), rule: null };
}

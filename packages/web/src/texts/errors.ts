import { ClientError, type ClientErrorCode } from '@sotto/client';
import type { FirstTexts } from './texts.ts';

/** What went wrong in plain words, with the broken rule where one is known. */
export interface ErrorWords {
  readonly message: string;
  readonly rule: string | null;
  /** Of the engine's errors: what kind it is. */
  readonly code: ClientErrorCode | null;
  /** Of whom the user was told that they are called otherwise than shown. */
  readonly names?: ClientError['names'];
}

export function errorWords(texts: FirstTexts, error: unknown): ErrorWords {
  if (error instanceof ClientError)
    return {
      message: messageOf(texts, error),
      rule: error.rule ?? null,
      code: error.code,
      names: error.names,
    };
  const cause = error instanceof Error ? error.message : String(error);
  return { message: texts.errors.unexpected({ cause }), rule: null, code: null };
}

function messageOf(texts: FirstTexts, { message, names, flaw, since }: ClientError): string {
  if (since !== undefined) return texts.errors.rolledBack({ since: texts.local.exact(since) });
  if (names) return texts.errors.nameDiffers({ shown: names.shown, name: names.name });
  return flaw ? flawWords(texts, flaw) : message;
}

/** The character itself where one sees it, and the number by which everyone finds it. */
function signWords(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `“${character}” (${code})` : code;
}

function flawWords(texts: FirstTexts, flaw: NonNullable<ClientError['flaw']>): string {
  const t = texts.errors.flaws;
  return 'character' in flaw ? t[flaw.rule]({ sign: signWords(flaw.character) }) : t[flaw.rule];
}

/** Where only the password is asked for, the server's "name or password" would send people looking for a name. */
export const passwordWords = (texts: FirstTexts, error: ErrorWords | null): ErrorWords | null =>
  error?.code === 'bad_login' ? { ...error, message: texts.errors.wrongPassword } : error;

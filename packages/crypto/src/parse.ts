import { MalformedError } from '@sotto/protocol';
import { VerificationError } from './failure.ts';

/** Runs a codec and names the rule where the structure does not have its form. */
export function parse<T>(rule: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof MalformedError)
      throw new VerificationError(rule, cause.code, cause.message, { cause });
    throw cause;
  }
}

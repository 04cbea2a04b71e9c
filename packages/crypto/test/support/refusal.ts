import { expect } from 'vitest';
import { type VerificationCode, VerificationError } from '../../src/index.ts';

/** Asserts that something is refused by a rule with its named reason, and returns the error. */
export async function expectRefusal(
  attempt: Promise<unknown> | (() => unknown),
  rule: string,
  code: VerificationCode,
): Promise<VerificationError> {
  let caught: unknown;
  try {
    await (typeof attempt === 'function' ? attempt() : attempt);
  } catch (error) {
    caught = error;
  }
  expect(caught, `expected a refusal by [${rule}] ${code}`).toBeInstanceOf(VerificationError);
  const refusal = caught as VerificationError;
  expect({ rule: refusal.rule, code: refusal.code }).toEqual({ rule, code });
  return refusal;
}

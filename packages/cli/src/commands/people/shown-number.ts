import { ClientError, type Person, type SafetyNumber } from '@sotto/client';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import type { Task } from '../command.ts';
import { personCalled } from '../find.ts';
import { UsageError } from '../usage-error.ts';

/** Somebody, with the digits of their key. @throws UsageError, ClientError where there is no such person or key */
export async function numberOfPerson({
  engine,
  input,
}: Task<{ readonly person: string }>): Promise<SafetyNumber & { readonly person: Person }> {
  const person = personCalled(engine.state, input.person);
  const shown = await engine.safetyNumber(person.account);
  if (shown) return { ...shown, person };
  throw new ClientError('usage', { message: `There is no key of ${harmlessLine(person.name)} yet.` });
}

export function tellTrust(
  { io, json }: Task,
  { account, name }: Person,
  trust: Person['trust'],
  more: object = {},
): void {
  io.out(json ? jsonLine({ account, name, trust, ...more }) : `${harmlessLine(name)}: ${trust}`);
}

export const digitsOf = (text: string) => text.replace(/\D/g, '');

/**
 * Attack 39: the digits say which key the person means, whatever the server shows since they saw them.
 * @throws ClientError where they are of another key: somebody may sit in between (attack 2)
 */
export function demandSame({ number, replaces }: SafetyNumber, theirs: string | null, person: Person): void {
  const digits = digitsOf(theirs ?? '');
  const name = harmlessLine(person.name);
  if (digits.length !== 60) throw new UsageError(`Safety number: expected 60 digits, got ${digits.length}`);
  if (digits === digitsOf(number)) return;
  if (digits === digitsOf(replaces ?? '')) {
    throw new ClientError('not_current', {
      message: `These digits are of the key of ${name} you knew. There is another by now: safety shows its number.`,
    });
  }
  throw new ClientError('verification', {
    rule: 'K4',
    message: `These are not the same digits. Look at them again; where they stay different, somebody may sit between you and ${name}.`,
  });
}

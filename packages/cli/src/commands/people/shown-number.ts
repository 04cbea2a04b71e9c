import type { Person, SafetyNumber } from '@sotto/client';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import type { Task } from '../command.ts';
import { personCalled } from '../find.ts';
import { NotDone, UsageError } from '../usage-error.ts';

/** Somebody, with the digits of their key. @throws UsageError, NotDone where there is no such person or key */
export async function numberOfPerson({
  engine,
  input,
}: Task<{ readonly person: string }>): Promise<SafetyNumber & { readonly person: Person }> {
  const person = personCalled(engine.state, input.person);
  const shown = await engine.people.safetyNumber(person.account);
  if (shown) return { ...shown, person };
  throw new NotDone((t) => t.undone.noKey({ name: harmlessLine(person.name) }));
}

export function tellTrust(
  { io, json }: Task,
  { account, name }: Person,
  trust: Person['trust'],
  more: object = {},
): void {
  const { safety, trust: words } = io.texts;
  const line = () => safety.trust({ name: harmlessLine(name), trust: words[trust] });
  io.out(json ? jsonLine({ account, name, trust, ...more }) : line());
}

export const digitsOf = (text: string) => text.replace(/\D/g, '');

/**
 * Attack 39: the digits say which key the person means, whatever the server shows since they saw them.
 * @throws NotDone where they are of another key: somebody may sit in between (attack 2)
 */
export function demandSame({ number, replaces }: SafetyNumber, theirs: string | null, person: Person): void {
  const digits = digitsOf(theirs ?? '');
  const name = harmlessLine(person.name);
  if (digits.length !== 60) throw new UsageError((t) => t.wrong.digits({ count: digits.length }));
  if (digits === digitsOf(number)) return;
  const known = digits === digitsOf(replaces ?? '');
  throw new NotDone((t) =>
    known
      ? t.undone.oldDigits({ name })
      : t.undone.byRule({ what: t.undone.otherDigits({ name }), rule: 'K4' }),
  );
}

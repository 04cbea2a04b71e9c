import { ClientError, type Engine, type Person } from '@sotto/client';
import { type Asked, UsageError } from '../requests.ts';
import { harmlessLine } from '../text/words.ts';
import { personCalled } from './find.ts';
import { EXIT, type Exit, type Task } from './task.ts';

type PersonCommand = 'safety' | 'verify' | 'unverify' | 'accept-identity';

/** K4: whether a person's key is theirs. */
export async function trust({ engine, request, json, io }: Task<Asked<PersonCommand>>): Promise<Exit> {
  const person = personCalled(engine.state, request.person);
  const { account, name } = person;
  const tell = (state: string, more: object = {}) => {
    io.out(
      json ? JSON.stringify({ account, name, trust: state, ...more }) : `${harmlessLine(name)}: ${state}`,
    );
    return EXIT.done;
  };
  switch (request.command) {
    case 'safety': {
      const number = await numberOf(engine, person);
      if (json) return tell(person.trust, { number });
      io.out(linesOf(number));
      io.note(`Compare with what ${harmlessLine(name)} sees, side by side or in a call: the same 60 digits.`);
      return EXIT.done;
    }
    case 'verify':
      if (!request.compared) {
        const number = await numberOf(engine, person);
        compare(number, request.digits ?? '', harmlessLine(name));
      }
      await engine.setVerified(account, true);
      return tell('verified');
    case 'unverify':
      await engine.setVerified(account, false);
      return tell('unverified');
    case 'accept-identity':
      if (person.trust !== 'changed') {
        throw new ClientError('usage', { message: `The security key of ${name} did not change.` });
      }
      await engine.acceptIdentity(account);
      return tell('unverified');
  }
}

async function numberOf(engine: Engine, { account, name }: Person): Promise<string> {
  const number = await engine.safetyNumber(account);
  if (number === null) throw new ClientError('usage', { message: `There is no key of ${name} yet.` });
  return number;
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

/** Four rows of three groups, to read to each other. */
function linesOf(number: string): string {
  const groups = digitsOf(number).match(/\d{5}/g) ?? [];
  return [0, 3, 6, 9].map((at) => groups.slice(at, at + 3).join(' ')).join('\n');
}

/** @throws ClientError where the digits are others: somebody may sit in between (attack 2) */
function compare(own: string, theirs: string, name: string): void {
  const digits = digitsOf(theirs);
  if (digits.length !== 60) throw new UsageError(`Safety number: expected 60 digits, got ${digits.length}`);
  if (digits === digitsOf(own)) return;
  throw new ClientError('verification', {
    rule: 'K4',
    message: `These are not the same digits. Type them again; where they stay different, somebody may sit between you and ${name}.`,
  });
}

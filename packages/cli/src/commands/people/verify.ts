import { engineCommand } from '../command.ts';
import { compared } from './compared.ts';
import { demandSame, numberOfPerson, tellTrust } from './shown-number.ts';

/** K4: whether a person's key is theirs. */
export const verify = engineCommand({
  ...compared((person) => (t) => t.ask.digitsTheySee({ person })),
  usage: 'verify PERSON [DIGITS]',
  async run(task) {
    const { person, ...shown } = await numberOfPerson(task);
    demandSame(shown, task.input.digits, person);
    await task.engine.people.setVerified(person.account, shown.identity, true);
    tellTrust(task, person, 'verified');
  },
});

export const unverify = engineCommand({
  usage: 'unverify PERSON',
  read: (line) => ({ person: line.text() }),
  async run(task) {
    const { person, identity } = await numberOfPerson(task);
    await task.engine.people.setVerified(person.account, identity, false);
    tellTrust(task, person, 'unverified');
  },
});

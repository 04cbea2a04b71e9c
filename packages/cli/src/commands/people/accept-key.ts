import { ClientError } from '@sotto/client';
import { harmlessLine } from '../../text/harmless.ts';
import { engineCommand } from '../command.ts';
import { compared } from './compared.ts';
import { demandSame, numberOfPerson, tellTrust } from './shown-number.ts';

export const acceptKey = engineCommand({
  ...compared((person) => `The 60 digits that safety ${person} shows here`),
  usage: 'accept-key PERSON [DIGITS]',
  help: "goes on with the person's new security key without comparing: with the digits that safety shows",
  async run(task) {
    const { person, ...shown } = await numberOfPerson(task);
    if (person.trust !== 'changed') {
      throw new ClientError('usage', {
        message: `The security key of ${harmlessLine(person.name)} did not change.`,
      });
    }
    demandSame(shown, task.input.digits, person);
    await task.engine.acceptIdentity(person.account, shown.identity);
    tellTrust(task, person, 'unverified');
  },
});

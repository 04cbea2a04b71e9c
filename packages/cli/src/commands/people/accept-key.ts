import { harmlessLine } from '../../text/harmless.ts';
import { engineCommand } from '../command.ts';
import { NotDone } from '../usage-error.ts';
import { compared } from './compared.ts';
import { demandSame, numberOfPerson, tellTrust } from './shown-number.ts';

export const acceptKey = engineCommand({
  ...compared((person) => (t) => t.ask.digitsShown({ person })),
  usage: 'accept-key PERSON [DIGITS]',
  async run(task) {
    const { person, ...shown } = await numberOfPerson(task);
    if (person.trust !== 'changed')
      throw new NotDone((t) => t.undone.sameKey({ name: harmlessLine(person.name) }));
    demandSame(shown, task.input.digits, person);
    await task.engine.people.acceptIdentity(person.account, shown.identity);
    tellTrust(task, person, 'unverified');
  },
});

import { harmlessLine } from '../../text/harmless.ts';
import { engineCommand } from '../command.ts';
import { digitsOf, numberOfPerson, tellTrust } from './shown-number.ts';

export const safety = engineCommand({
  usage: 'safety PERSON',
  help: 'the 60 digits to compare with what the person sees',
  read: (line) => ({ person: line.text() }),
  async run(task) {
    const { person, number, replaces } = await numberOfPerson(task);
    if (task.json) return tellTrust(task, person, person.trust, { number, replaces });
    const { out, note } = task.io;
    const whose = harmlessLine(person.name);
    out(rowsOf(number));
    if (replaces !== null)
      note(`This is of the new key of ${whose}. Of the key you knew it is:\n${rowsOf(replaces)}`);
    note(`Compare with what ${whose} sees, side by side or in a call: the same 60 digits.`);
  },
});

/** Four rows of three groups, to read to each other. */
function rowsOf(number: string): string {
  const groups = digitsOf(number).match(/\d{5}/g) ?? [];
  return [0, 3, 6, 9].map((at) => groups.slice(at, at + 3).join(' ')).join('\n');
}

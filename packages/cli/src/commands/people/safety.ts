import { harmlessLine } from '../../text/harmless.ts';
import { engineCommand } from '../command.ts';
import { digitsOf, numberOfPerson, tellTrust } from './shown-number.ts';

export const safety = engineCommand({
  usage: 'safety PERSON',
  read: (line) => ({ person: line.text() }),
  async run(task) {
    const { person, number, replaces } = await numberOfPerson(task);
    if (task.json) return tellTrust(task, person, person.trust, { number, replaces });
    const { out, note, texts } = task.io;
    const name = harmlessLine(person.name);
    out(rowsOf(number));
    if (replaces !== null) note(texts.safety.replaces({ name, number: rowsOf(replaces) }));
    note(texts.safety.compare({ name }));
  },
});

/** Four rows of three groups, to read to each other. */
function rowsOf(number: string): string {
  const groups = digitsOf(number).match(/\d{5}/g) ?? [];
  return [0, 3, 6, 9].map((at) => groups.slice(at, at + 3).join(' ')).join('\n');
}

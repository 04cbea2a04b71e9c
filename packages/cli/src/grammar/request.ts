import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Arguments, anyOf, flagsIn, type Place } from '../commands/arguments.ts';
import type { Command, Request } from '../commands/command.ts';
import { PLAIN, TYPED } from '../commands/table.ts';
import { UsageError } from '../commands/usage-error.ts';

const FLAGS: Options = Object.assign({}, ...[...PLAIN, ...TYPED].map(({ usage }) => flagsIn(usage)));

type Options = NonNullable<ParseArgsConfig['options']>;
type ParsedValues<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/** Words and options of a command line. @param more options beside those of commands @throws UsageError for unknown options */
export function split<const O extends Options>(args: readonly string[], more: O) {
  try {
    const options = { ...FLAGS, ...more };
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { values: values as ParsedValues<O>, words: positionals };
  } catch (error) {
    // parseArgs tells of unknown options by a TypeError, which names them.
    const [, option] = (error instanceof TypeError && /'(-[^']*)'/.exec(error.message)) || [];
    if (option !== undefined) throw new UsageError((t) => t.wrong.option({ option }));
    throw error;
  }
}

/** The command that the words begin with, and the other words; undefined where none is called so. @throws UsageError */
export function commandCalled(
  [first = '', ...rest]: readonly string[],
  commands: readonly (readonly [name: string, command: Command])[],
): [Command, readonly string[]] | undefined {
  const [second, ...others] = rest;
  const under = commands.filter(([name]) => name.startsWith(`${first} `));
  const whole = under.find(([name]) => name === `${first} ${second}`);
  if (whole) return [whole[1], others];
  const one = commands.find(([name]) => name === first);
  if (under.length > 0 && (second !== undefined || !one)) {
    const actions = under.map(([name]) => name.slice(first.length + 1));
    throw new UsageError((t) =>
      t.wrong.oneOf({ name: `${first} ${second ?? ''}`, choices: anyOf(t, actions) }),
    );
  }
  return one && [one[1], rest];
}

/** What a command is asked for. @throws UsageError where the words do not fit together */
export function requestOf(command: Command, words: readonly string[], values: object, place: Place): Request {
  const line = new Arguments(words, values, command.usage, place);
  const input = command.read?.(line);
  line.end();
  return { command, input };
}

/** What the words of a command line ask for. @throws UsageError where they do not fit together */
export function readRequest(words: readonly string[], values: object, place: Place): Request {
  const [first = 'chat', ...rest] = words;
  const found = commandCalled(
    [first, ...rest],
    PLAIN.map((command) => [command.name, command]),
  );
  if (!found) throw new UsageError((t) => t.wrong.noCommand({ name: first }));
  return requestOf(...found, values, place);
}

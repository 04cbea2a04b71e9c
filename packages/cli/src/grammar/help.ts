import { type Command, slashOf } from '../commands/command.ts';
import { SECTIONS, TYPED } from '../commands/table.ts';

const WIDTH = 24;

function row(left: string, right: string, width: number): string {
  const space = left.length < width ? ' '.repeat(width - left.length) : `\n${' '.repeat(width + 2)}`;
  return `  ${left}${space}${right}`;
}

const section = ([title, commands]: (typeof SECTIONS)[number]): string =>
  [title, ...commands.map(({ usage, help }) => row(usage, help, WIDTH))].join('\n');

export const HELP = `Sotto in the terminal

  npm run cli -- [COMMAND] [--server URL] [--name NAME] [--dir FOLDER] [--json]

Without a command: full screen on a terminal; else lines are read from standard input.

${SECTIONS.map(section).join('\n\n')}

Options
  --server  address such as http://localhost:8080 (or SOTTO_SERVER); remembered per account
  --name    which account; else the one used last
  --dir     where keys and messages rest (or SOTTO_DIR); default: ~/.sotto
  --json    one JSON value per line

Passwords are asked without being shown; where standard input is no terminal, they are its first line.
SOTTO_PASSPHRASE holds the passphrase of the keys on this machine, where nobody can be asked.
Ends with 0 done, 1 failed, 2 wrong use, 3 stored and waiting for the connection.
`;

/** How a command is typed into a conversation, with what it takes there. */
export function typedUsage(command: Command): string {
  const { name = command.name, usage = command.usage.slice(command.name.length + 1) } =
    slashOf(command) ?? {};
  return `/${name} ${usage.replace(/^ROOM ?|^PERSON/, (about) => (about === 'PERSON' ? '[PERSON]' : ''))}`.trim();
}

/** Commands on the full screen and among lines; those about a conversation mean the open one. */
export const typedHelp = (width: number): string[] =>
  TYPED.flatMap((command) =>
    row(typedUsage(command), slashOf(command)?.help ?? command.help, width).split('\n'),
  );

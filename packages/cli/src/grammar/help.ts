import { type Command, slashOf } from '../commands/command.ts';
import { SECTIONS, TYPED } from '../commands/table.ts';
import type { Texts } from '../texts/texts.ts';

const WIDTH = 24;

function row(left: string, right: string, width: number): string {
  const space = left.length < width ? ' '.repeat(width - left.length) : `\n${' '.repeat(width + 2)}`;
  return `  ${left}${space}${right}`;
}

const helpOf = (t: Texts, name: string): string => t.commands[name as keyof Texts['commands']];

/** The command line, and every command of it. */
export function commandLineHelp(t: Texts): string {
  const section = ([title, commands]: (typeof SECTIONS)[number]) =>
    [t.sections[title], ...commands.map(({ usage, name }) => row(usage, helpOf(t, name), WIDTH))].join('\n');
  return t.help({ sections: SECTIONS.map(section).join('\n\n') });
}

/** How a command is typed into a conversation, with what it takes there. */
export function typedUsage(command: Command): string {
  const { name = command.name, usage = command.usage.slice(command.name.length + 1) } =
    slashOf(command) ?? {};
  return `/${name} ${usage.replace(/^ROOM ?|^PERSON/, (about) => (about === 'PERSON' ? '[PERSON]' : ''))}`.trim();
}

/** Commands on the full screen and among lines; those about a conversation mean the open one. */
export const typedHelp = (t: Texts, width: number): string[] =>
  TYPED.flatMap((command) => {
    const other: Readonly<Record<string, string>> = t.typed.help;
    return row(typedUsage(command), other[command.name] ?? helpOf(t, command.name), width).split('\n');
  });

/** What is said among lines where a command answered nothing. */
export function nothingOf({ typed, inside }: Texts, { name }: Command): string {
  const said: Readonly<Record<string, string>> = typed.nothing;
  return said[name] ?? inside.done;
}

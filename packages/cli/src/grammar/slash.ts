import type { Room } from '@sotto/client';
import { wordsOf } from '../commands/arguments.ts';
import { type Command, type Request, slashOf } from '../commands/command.ts';
import { TYPED } from '../commands/table.ts';
import { UsageError } from '../commands/usage-error.ts';
import { commandCalled, requestOf, split } from './request.ts';

/** What a line typed into a conversation is. */
export type TypedLine =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'request'; readonly request: Request };

const NAMED = TYPED.flatMap((command) => {
  const { name = command.name, alias } = slashOf(command) ?? {};
  return [name, ...(alias ? [alias] : [])].map((called) => [called, command] as const);
});

/**
 * Tells text from commands. A line that begins with one slash is a command or refused, so that nothing meant for the
 * program is sent to people; two slashes begin a text with one.
 * @throws UsageError for a command that is none, or not whole
 */
export function readTypedLine(line: string, room: Room | undefined): TypedLine {
  if (!line.startsWith('/')) return { type: 'say', text: line };
  if (line.startsWith('//')) return { type: 'say', text: line.slice(1) };
  const { values, words } = split(/^\/\S/.test(line) ? wordsOf(line.slice(1)) : [], {});
  const found = commandCalled(words, NAMED);
  if (!found) {
    throw new UsageError((t) => t.wrong.noTyped({ name: words[0] ?? '' }));
  }
  const [command, rest] = found;
  const place = { inside: true, folder: process.cwd() };
  return {
    type: 'request',
    request: complete(requestOf(command, subject(command, rest, room), values, place)),
  };
}

/** The words with what the open conversation says. */
function subject(command: Command, words: readonly string[], room: Room | undefined): readonly string[] {
  const [about] = command.usage.slice(command.name.length + 1).split(' ');
  if (about === 'ROOM') {
    if (room) return [room.room, ...words];
    throw new UsageError((t) => t.wrong.openFirst({ name: slashOf(command)?.name ?? command.name }));
  }
  const named = words.some((word) => !/^\d+$/.test(word));
  return about === 'PERSON' && !named && room?.peer ? [room.peer, ...words] : words;
}

/** What the plain commands take from standard input stands in the line here. */
function complete({ command, input }: Request): Request {
  const want = command.wants?.(input);
  if (!want) return { command, input };
  if (want.inside) return want.inside;
  throw new UsageError((t) => t.wrong.missing);
}

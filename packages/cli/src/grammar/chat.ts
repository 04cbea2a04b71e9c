import { parseArgs } from 'node:util';
import type { Room } from '@sotto/client';
import { type EngineRequest, needOf, UsageError } from '../requests.ts';
import { isEngineRequest } from './kinds.ts';
import { readRequest } from './request.ts';
import { FLAGS, wordsOf } from './words.ts';

/** What a line typed into a conversation is. */
export type ChatLine =
  | { readonly type: 'say'; readonly text: string }
  /** Done by whoever shows the conversations; `rest` is what stands behind. */
  | { readonly type: 'here'; readonly command: HereCommand; readonly rest: string }
  | { readonly type: 'request'; readonly request: EngineRequest };

const HERE = ['help', 'quit', 'open', 'password', 'unlock', 'phrase'] as const;
type HereCommand = (typeof HERE)[number];

/** Slash commands about the open conversation: the words of a command line that its id stands behind. */
const ABOUT_ROOM: Readonly<Record<string, readonly string[]>> = {
  members: ['members'],
  add: ['group', 'add'],
  remove: ['group', 'remove'],
  role: ['group', 'role'],
  rename: ['group', 'rename'],
  topic: ['group', 'rename'],
  rules: ['group', 'rules'],
  rekey: ['group', 'rekey'],
  leave: ['group', 'leave'],
  invite: ['invite', 'make'],
  revoke: ['invite', 'revoke'],
  edit: ['edit'],
  delete: ['delete'],
  react: ['react'],
  mute: ['mute'],
  unmute: ['unmute'],
  retry: ['retry'],
  discard: ['discard'],
  file: ['send'],
  files: ['files'],
  save: ['save'],
  pause: ['pause'],
  resume: ['resume'],
  cancel: ['cancel'],
};

/** Slash commands that need no conversation. */
const ANYWHERE: Readonly<Record<string, readonly string[]>> = {
  people: ['people'],
  rooms: ['rooms'],
  group: ['group', 'make'],
  preview: ['invite', 'show'],
  join: ['invite', 'join'],
  devices: ['devices'],
  notices: ['notices'],
  dismiss: ['notices', 'dismiss'],
  search: ['search'],
};

/** Slash commands about a person: in a direct conversation, the other one where nobody is named. */
const ABOUT_PERSON = ['safety', 'verify', 'unverify', 'accept'];

/**
 * Tells text from commands. A line that begins with one slash is a command or refused, so that nothing meant for the
 * program is sent to people; two slashes begin a text with one.
 * @throws UsageError for a command that is none, or not whole
 */
export function readChatLine(line: string, room: Room | undefined): ChatLine {
  if (!line.startsWith('/')) return { type: 'say', text: line };
  if (line.startsWith('//')) return { type: 'say', text: line.slice(1) };
  const [, command = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  const here = HERE.find((known) => known === command);
  if (here) return { type: 'here', command: here, rest: rest.trim() };
  return { type: 'request', request: complete(requestOf(command, rest, room)) };
}

function requestOf(command: string, rest: string, room: Room | undefined): EngineRequest {
  const { values, positionals } = parsed(wordsOf(rest));
  const request = readRequest(commandWords(command, positionals, room), flagsOf(command, values, rest), {
    inside: true,
    folder: process.cwd(),
  });
  if (!isEngineRequest(request)) throw unknown(command);
  return request;
}

function commandWords(command: string, words: readonly string[], room: Room | undefined): readonly string[] {
  const anywhere = ANYWHERE[command];
  if (anywhere) return [...anywhere, ...words];
  if (ABOUT_PERSON.includes(command)) {
    const named = words.some((word) => !/^\d+$/.test(word));
    return [command, ...(named || !room?.peer ? [] : [room.peer]), ...words];
  }
  const about = ABOUT_ROOM[command];
  if (!about) throw unknown(command);
  if (!room) throw new UsageError(`/${command}: open a conversation first.`);
  switch (command) {
    case 'leave':
      if (words.join(' ') === 'now') return [...about, room.room];
      throw new UsageError('You keep what is here and cannot read what comes after. /leave now does it.');
    case 'invite':
      return [...about, room.room];
    case 'topic':
      return [...about, room.room];
    default:
      return [...about, room.room, ...words];
  }
}

function flagsOf(command: string, flags: ReturnType<typeof parsed>['values'], rest: string) {
  if (command === 'file') return { ...flags, file: flags.file ?? [] };
  if (command === 'topic') return { topic: rest.trim() };
  if (command === 'invite' && rest.trim() !== '') return { days: rest.trim() };
  return flags;
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: FLAGS });
  } catch (error) {
    // parseArgs tells of unknown options by a TypeError.
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/** What the plain commands take from standard input stands in the line here. */
function complete(request: EngineRequest): EngineRequest {
  if (needOf(request) === null) return request;
  if (request.command === 'verify') return { command: 'safety', person: request.person };
  throw new UsageError('Something is missing behind the command; /help lists what each takes.');
}

const unknown = (command: string) =>
  new UsageError(
    `/${command}: there is no such command; /help lists them. // begins a message with a slash.`,
  );

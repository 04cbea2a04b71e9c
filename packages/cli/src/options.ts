import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** What is asked of an account that is open. */
export type EngineRequest =
  | { readonly command: 'rooms' | 'people' | 'devices' }
  | { readonly command: 'read'; readonly room: string; readonly limit: number; readonly peek: boolean }
  /** `text` null: what comes in on standard input. */
  | { readonly command: 'send'; readonly room: string; readonly text: string | null }
  /** `room` null: messages of others in all conversations. */
  | { readonly command: 'follow'; readonly room: string | null; readonly peek: boolean }
  | { readonly command: 'rename-device'; readonly device: string; readonly name: string }
  | { readonly command: 'remove-devices'; readonly devices: readonly string[] };

/** What is asked of this terminal: accounts come, change and go. */
export type AccountRequest =
  | { readonly command: 'chat' | 'accounts' | 'signout' }
  | ArrivalRequest
  | { readonly command: 'password' | 'unlock' | 'phrase' | 'passphrase' };

/** How somebody comes to this terminal. */
export type ArrivalRequest =
  | { readonly command: 'signin' | 'recover' }
  | { readonly command: 'signup'; readonly guest: boolean };

export type Request = EngineRequest | AccountRequest;

/** Which account of which server, and how to answer. */
export interface Where {
  readonly server: string | null;
  readonly name: string | null;
  readonly directory: string;
  readonly json: boolean;
}

export type Parsed =
  | { readonly type: 'run'; readonly request: Request; readonly where: Where }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly reason: string };

/** The command line does not fit together; the message says what was expected. */
export class UsageError extends Error {}

const PLAIN = ['chat', 'signin', 'recover', 'accounts', 'signout', 'password', 'unlock', 'phrase'] as const;
const LISTS = ['rooms', 'people'] as const;

/** What the command line asks for. */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv = {}, home = homedir()): Parsed {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        name: { type: 'string' },
        dir: { type: 'string' },
        json: { type: 'boolean' },
        guest: { type: 'boolean' },
        limit: { type: 'string' },
        peek: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help || positionals[0] === 'help') return { type: 'help' };
    const request = readRequest(positionals, values);
    const where = {
      server: readServer(values.server ?? env.SOTTO_SERVER),
      name: readName(values.name),
      directory: values.dir ?? env.SOTTO_DIR ?? join(home, '.sotto'),
      json: values.json ?? false,
    };
    return { type: 'run', request, where };
  } catch (error) {
    // parseArgs tells of unknown options by a TypeError.
    if (error instanceof TypeError || error instanceof UsageError) {
      return { type: 'wrong', reason: error.message };
    }
    throw error;
  }
}

interface Flags {
  readonly guest?: boolean | undefined;
  readonly limit?: string | undefined;
  readonly peek?: boolean | undefined;
}

function readRequest(words: readonly string[], flags: Flags): Request {
  const [command = 'chat', ...rest] = words;
  const peek = flags.peek ?? false;
  switch (command) {
    case 'signup':
      return none({ command, guest: flags.guest ?? false }, rest);
    case 'passphrase':
      return none({ command }, rest);
    case 'read':
      return none(
        { command, room: need(rest[0], 'read ROOM'), limit: readLimit(flags.limit), peek },
        rest.slice(1),
      );
    case 'follow':
      return none({ command, room: rest[0] ?? null, peek }, rest.slice(1));
    case 'send': {
      const [room, ...text] = rest;
      const fromInput = text.length === 0 || (text.length === 1 && text[0] === '-');
      return { command, room: need(room, 'send ROOM [TEXT]'), text: fromInput ? null : text.join(' ') };
    }
    case 'devices':
      return readDevices(rest);
    default: {
      const plain = [...PLAIN, ...LISTS].find((known) => known === command);
      if (plain) return none({ command: plain }, rest);
      throw new UsageError(`${command}: there is no such command`);
    }
  }
}

function readDevices([action, ...rest]: readonly string[]): EngineRequest {
  switch (action) {
    case undefined:
      return { command: 'devices' };
    case 'rename': {
      const [device, ...name] = rest;
      const usage = 'devices rename DEVICE NAME';
      return {
        command: 'rename-device',
        device: need(device, usage),
        name: need(name.join(' ').trim() || undefined, usage),
      };
    }
    case 'remove':
      need(rest[0], 'devices remove DEVICE …');
      return { command: 'remove-devices', devices: rest };
    default:
      throw new UsageError(`devices ${action}: expected rename or remove`);
  }
}

function none<R extends Request>(request: R, rest: readonly string[]): R {
  if (rest.length > 0) throw new UsageError(`${rest.join(' ')}: nothing was expected here`);
  return request;
}

function need(word: string | undefined, usage: string): string {
  if (word === undefined) throw new UsageError(`expected: ${usage}`);
  return word;
}

function readLimit(text = '30'): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit: expected a number from 1');
  return limit;
}

function readServer(text: string | undefined): string | null {
  if (!text) return null;
  if (!URL.canParse(text))
    throw new UsageError('--server: expected an address such as http://localhost:8080');
  return new URL(text).origin;
}

function readName(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!text.trim()) throw new UsageError('--name: expected your name');
  return text.trim();
}

import type { Role, RoomPolicy } from '@sotto/protocol';

/** What is asked about conversations: who is in them, and how one gets in. */
type GroupRequest =
  | {
      readonly command: 'make-group';
      readonly name: string;
      readonly topic: string;
      readonly people: readonly string[];
    }
  | { readonly command: 'members' | 'leave' | 'rekey' | 'revoke-invites'; readonly room: string }
  | { readonly command: 'add-members'; readonly room: string; readonly people: readonly string[] }
  | { readonly command: 'remove-member'; readonly room: string; readonly person: string }
  | { readonly command: 'set-role'; readonly room: string; readonly person: string; readonly role: Role }
  /** What is null stays as it is. */
  | {
      readonly command: 'rename-group';
      readonly room: string;
      readonly name: string | null;
      readonly topic: string | null;
    }
  | {
      readonly command: 'set-rules';
      readonly room: string;
      readonly add: Role | null;
      readonly history: RoomPolicy['history'] | null;
    }
  | { readonly command: 'invite'; readonly room: string; readonly days: number }
  /** `link` null: asked for. It is a secret (R7). */
  | { readonly command: 'preview-invite' | 'join-invite'; readonly link: string | null };

/** K4: what is asked about people and their keys. */
type PersonRequest =
  | { readonly command: 'safety' | 'unverify' | 'accept-identity'; readonly person: string }
  /** `digits` null: asked for, unless the person says that they compared. */
  | {
      readonly command: 'verify';
      readonly person: string;
      readonly digits: string | null;
      readonly compared: boolean;
    };

/** What is asked about messages and files (M6). */
type MessageRequest =
  | { readonly command: 'read'; readonly room: string; readonly limit: number; readonly peek: boolean }
  /** `text` null: what comes in on standard input. `reply`: position of the message it answers. */
  | {
      readonly command: 'send';
      readonly room: string;
      readonly text: string | null;
      readonly reply: number | null;
    }
  /** Paths are absolute: another process may do it, in another folder. */
  | {
      readonly command: 'send-files';
      readonly room: string;
      readonly paths: readonly string[];
      readonly text: string;
      readonly reply: number | null;
    }
  | { readonly command: 'files'; readonly room: string; readonly limit: number }
  /** `name` null: all files of the message. `folder`: where to, absolute. */
  | {
      readonly command: 'save';
      readonly room: string;
      readonly position: number;
      readonly name: string | null;
      readonly folder: string;
    }
  /** Transfers of the open client: all that run here, or the files waiting in a room. */
  | { readonly command: 'pause' | 'resume' | 'cancel'; readonly room: string }
  /** `room` null: messages of others in all conversations. */
  | { readonly command: 'follow'; readonly room: string | null; readonly peek: boolean }
  | {
      readonly command: 'edit' | 'react';
      readonly room: string;
      readonly position: number;
      readonly text: string;
    }
  | { readonly command: 'delete'; readonly room: string; readonly position: number }
  | { readonly command: 'mute' | 'unmute' | 'retry' | 'discard'; readonly room: string }
  | { readonly command: 'search'; readonly text: string; readonly limit: number };

/** One shape per command, where several share one: so that a switch tells them apart. */
type Each<R extends { readonly command: string }> = R extends unknown
  ? { [C in R['command']]: R & { readonly command: C } }[R['command']]
  : never;

/** What is asked of an account that is open. */
export type EngineRequest = Each<
  | { readonly command: 'rooms' | 'people' | 'devices' | 'notices' }
  | MessageRequest
  | GroupRequest
  | PersonRequest
  | { readonly command: 'rename-device'; readonly device: string; readonly name: string }
  | { readonly command: 'remove-devices'; readonly devices: readonly string[] }
  /** `notice`: its number in the list, or `all`. */
  | { readonly command: 'dismiss'; readonly notice: string }
>;

/** What is asked of this terminal: accounts come, change and go. */
export type AccountRequest =
  | { readonly command: 'chat' | 'accounts' | 'signout' }
  | ArrivalRequest
  | { readonly command: 'password' | 'unlock' | 'phrase' | 'passphrase' | 'takeback' }
  /** Into a file that is not there yet. */
  | { readonly command: 'export'; readonly path: string }
  | BackupRequest;

export type BackupRequest =
  /** Into a file that is not there yet, with the files of the conversations or without. */
  | { readonly command: 'backup'; readonly path: string; readonly files: boolean }
  /** Files of a backup that are not on the server. */
  | { readonly command: 'restore-files'; readonly path: string };

/** How somebody comes to this terminal. */
export type ArrivalRequest =
  | { readonly command: 'signin' | 'recover' | 'reset' }
  | { readonly command: 'restore'; readonly path: string }
  | { readonly command: 'signup'; readonly guest: boolean };

export type Request = EngineRequest | AccountRequest;

/** The request with this command. */
export type Asked<C extends EngineRequest['command']> = Extract<EngineRequest, { readonly command: C }>;

/** The command line does not fit together; the message says what was expected. */
export class UsageError extends Error {}

/** What a request still needs from standard input: all of it, or the answer to a question. */
export type Need = { readonly type: 'all' } | { readonly type: 'line'; readonly question: string };

export function needOf(request: EngineRequest): Need | null {
  switch (request.command) {
    case 'send':
      return request.text === null ? { type: 'all' } : null;
    case 'preview-invite':
    case 'join-invite':
      return request.link === null ? { type: 'line', question: 'Invite link' } : null;
    case 'verify':
      return request.digits === null && !request.compared
        ? { type: 'line', question: `The 60 digits that ${request.person} sees` }
        : null;
    default:
      return null;
  }
}

/** The request with what came on standard input. */
export function withInput(request: EngineRequest, input: string | null): EngineRequest {
  if (input === null || needOf(request) === null) return request;
  switch (request.command) {
    case 'send':
      return { ...request, text: input };
    case 'preview-invite':
    case 'join-invite':
      return { ...request, link: input.trim() };
    case 'verify':
      return { ...request, digits: input };
    default:
      return request;
  }
}

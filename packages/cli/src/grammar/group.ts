import type { Role } from '@sotto/protocol';
import { type EngineRequest, UsageError } from '../requests.ts';
import {
  type Flags,
  need,
  needAll,
  needNumber,
  needOneOf,
  needText,
  nothingMore,
  type Place,
} from './words.ts';

const ROLES: readonly Role[] = ['admin', 'member'];

/** `group …`: who is in it, and what it is called. */
export function readGroup([action, ...rest]: readonly string[], flags: Flags): EngineRequest {
  if (action === 'make') {
    const [name, ...people] = rest;
    const usage = 'group make NAME [PERSON …]';
    return { command: 'make-group', name: need(name, usage), topic: flags.topic ?? '', people };
  }
  const [first, ...words] = rest;
  const room = (usage: string) => need(first, `group ${action} ROOM${usage}`);
  switch (action) {
    case 'add':
      return {
        command: 'add-members',
        room: room(' PERSON …'),
        people: needAll(words, 'group add ROOM PERSON …'),
      };
    case 'remove':
      return {
        command: 'remove-member',
        room: room(' PERSON'),
        person: needText(words, 'group remove ROOM PERSON'),
      };
    case 'role': {
      const usage = 'group role ROOM PERSON admin|member';
      const role = needOneOf(need(words.at(-1), usage), ROLES, usage);
      return {
        command: 'set-role',
        room: room(''),
        person: needText(words.slice(0, -1), usage),
        role,
      };
    }
    case 'rename': {
      const usage = 'group rename ROOM [NAME] [--topic TEXT]';
      const name = words.join(' ').trim() || null;
      const topic = flags.topic ?? null;
      if (name === null && topic === null) throw new UsageError(`expected: ${usage}`);
      return { command: 'rename-group', room: room(''), name, topic };
    }
    case 'rules': {
      const usage = 'group rules ROOM [--add admin|member] [--history joined|all]';
      if (flags.add === undefined && flags.history === undefined) throw new UsageError(`expected: ${usage}`);
      const add = flags.add === undefined ? null : needOneOf(flags.add, ROLES, '--add');
      const history =
        flags.history === undefined ? null : needOneOf(flags.history, ['joined', 'all'], '--history');
      return nothingMore({ command: 'set-rules', room: room(''), add, history }, words);
    }
    case 'leave':
    case 'rekey':
      return nothingMore({ command: action, room: room('') }, words);
    default:
      throw new UsageError(
        `group ${action ?? ''}: expected make, add, remove, role, rename, rules, rekey or leave`,
      );
  }
}

const WEEK = '7';

/** `invite …`: links that let their holder in (R7). */
export function readInvite([action, ...rest]: readonly string[], flags: Flags, place: Place): EngineRequest {
  switch (action) {
    case 'make': {
      const room = needText(rest, 'invite make ROOM [--days N]');
      return { command: 'invite', room, days: needNumber(flags.days ?? WEEK, '--days') };
    }
    case 'revoke':
      return { command: 'revoke-invites', room: needText(rest, 'invite revoke ROOM') };
    case 'show':
    case 'join': {
      const command = action === 'show' ? 'preview-invite' : 'join-invite';
      const [link, ...more] = rest;
      if (link === undefined || link === '-') return nothingMore({ command, link: null }, more);
      // R7: whoever reads the link can come in with it.
      if (!place.inside) {
        throw new UsageError(
          `An invite link is a secret. Say invite ${action} alone: the link is asked for.`,
        );
      }
      return nothingMore({ command, link }, more);
    }
    default:
      throw new UsageError(`invite ${action ?? ''}: expected make, show, join or revoke`);
  }
}

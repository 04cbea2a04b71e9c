import { type EngineRequest, UsageError } from '../requests.ts';
import { type Flags, need, needAll, needText, nothingMore } from './words.ts';

/** `safety`, `verify`, `unverify`, `accept`: whether a person's key is theirs (K4). */
export function readPerson(command: string, words: readonly string[], flags: Flags): EngineRequest | null {
  switch (command) {
    case 'safety':
    case 'unverify':
      return { command, person: needText(words, `${command} PERSON`) };
    case 'accept':
      return { command: 'accept-identity', person: needText(words, 'accept PERSON') };
    case 'verify': {
      // A name may have spaces, and so may the digits: what is behind the name is digits only.
      const from = words.findLastIndex((word) => !/^\d+$/.test(word)) + 1;
      const digits = words.slice(from).join('') || null;
      const person = needText(words.slice(0, from), 'verify PERSON [DIGITS]');
      return { command, person, digits, compared: flags.compared ?? false };
    }
    default:
      return null;
  }
}

/** `devices …`: the account's own. */
export function readDevices([action, ...rest]: readonly string[]): EngineRequest {
  switch (action) {
    case undefined:
      return { command: 'devices' };
    case 'rename': {
      const [device, ...name] = rest;
      const usage = 'devices rename DEVICE NAME';
      return { command: 'rename-device', device: need(device, usage), name: needText(name, usage) };
    }
    case 'remove':
      return { command: 'remove-devices', devices: needAll(rest, 'devices remove DEVICE …') };
    default:
      throw new UsageError(`devices ${action}: expected rename or remove`);
  }
}

/** `notices …`: what is to know beside the conversations. */
export function readNotices([action, ...rest]: readonly string[]): EngineRequest {
  if (action === undefined) return { command: 'notices' };
  if (action !== 'dismiss') throw new UsageError(`notices ${action}: expected dismiss`);
  const [notice, ...more] = rest;
  return nothingMore({ command: 'dismiss', notice: need(notice, 'notices dismiss NUMBER|all') }, more);
}

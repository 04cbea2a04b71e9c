import { type Request, UsageError } from '../requests.ts';
import { readGroup, readInvite } from './group.ts';
import { readChanges, readFiles, readMessages } from './messages.ts';
import { readDevices, readNotices, readPerson } from './people.ts';
import { type Flags, needText, nothingMore, type Place, pathOf } from './words.ts';

const PLAIN = [
  ...(['chat', 'signin', 'recover', 'accounts', 'signout', 'password', 'unlock', 'phrase'] as const),
  ...(['passphrase', 'takeback', 'reset', 'rooms', 'people'] as const),
];

/** What the words of a command line ask for. @throws UsageError where they do not fit together */
export function readRequest(words: readonly string[], flags: Flags, place: Place): Request {
  const [command = 'chat', ...rest] = words;
  switch (command) {
    case 'signup':
      return nothingMore({ command, guest: flags.guest ?? false }, rest);
    case 'backup': {
      const path = pathOf(needText(rest, `${command} FILE`), place);
      return { command, path, files: !(flags['no-files'] ?? false) };
    }
    case 'export':
    case 'restore':
    case 'restore-files':
      return { command, path: pathOf(needText(rest, `${command} FILE`), place) };
    case 'group':
      return readGroup(rest, flags);
    case 'invite':
      return readInvite(rest, flags, place);
    case 'devices':
      return readDevices(rest);
    case 'notices':
      return readNotices(rest);
    default: {
      const request =
        readMessages(command, rest, flags) ??
        readFiles(command, rest, flags, place) ??
        readPerson(command, rest, flags) ??
        (place.inside ? readChanges(command, rest) : null);
      if (request) return request;
      const plain = PLAIN.find((known) => known === command);
      if (plain) return nothingMore({ command: plain }, rest);
      throw new UsageError(`${command}: there is no such command`);
    }
  }
}

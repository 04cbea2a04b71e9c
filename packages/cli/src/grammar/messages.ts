import type { EngineRequest } from '../requests.ts';
import { type Flags, need, needAll, needNumber, needText, nothingMore, type Place, pathOf } from './words.ts';

/** What is read, said and changed in a conversation. */
export function readMessages(command: string, words: readonly string[], flags: Flags): EngineRequest | null {
  const [room, ...rest] = words;
  const peek = flags.peek ?? false;
  const limit = () => needNumber(flags.limit ?? '30', '--limit');
  switch (command) {
    case 'read':
      return nothingMore({ command, room: need(room, 'read ROOM'), limit: limit(), peek }, rest);
    case 'follow':
      return nothingMore({ command, room: room ?? null, peek }, rest);
    case 'send': {
      if (flags.file) return null; // files
      const fromInput = rest.length === 0 || (rest.length === 1 && rest[0] === '-');
      const reply = flags.reply === undefined ? null : needNumber(flags.reply, '--reply');
      const text = fromInput ? null : rest.join(' ');
      return { command, room: need(room, 'send ROOM [TEXT]'), text, reply };
    }
    case 'members':
    case 'mute':
    case 'unmute':
    case 'retry':
    case 'discard':
      return { command, room: needText(words, `${command} ROOM`) };
    case 'search':
      return { command, text: needText(words, 'search WORDS'), limit: limit() };
    default:
      return null;
  }
}

/** What is changed in messages that stand, one's own but for reactions; and in transfers that run. */
export function readChanges(command: string, [room, ...rest]: readonly string[]): EngineRequest | null {
  switch (command) {
    case 'edit':
    case 'react': {
      const usage = `${command} ROOM POSITION ${command === 'edit' ? 'TEXT' : 'EMOJI'}`;
      const [position, ...text] = rest;
      return {
        command,
        room: need(room, usage),
        position: needNumber(need(position, usage), 'POSITION'),
        text: needText(text, usage),
      };
    }
    case 'delete': {
      const usage = 'delete ROOM POSITION';
      const [position, ...more] = rest;
      const request = {
        command,
        room: need(room, usage),
        position: needNumber(need(position, usage), 'POSITION'),
      } as const;
      return nothingMore(request, more);
    }
    case 'pause':
    case 'resume':
    case 'cancel':
      return { command, room: needText(room === undefined ? [] : [room], `${command} ROOM`) };
    default:
      return null;
  }
}

/** Files (M6): sent, listed and saved. */
export function readFiles(
  command: string,
  words: readonly string[],
  flags: Flags,
  place: Place,
): EngineRequest | null {
  const [room, ...rest] = words;
  switch (command) {
    case 'send': {
      if (!flags.file) return null;
      // `--file *.jpg`: a shell puts the further ones behind.
      const usage = 'send ROOM --file PATH … [--text CAPTION]';
      const paths = needAll([...flags.file, ...rest], usage).map((path) => pathOf(path, place));
      const reply = flags.reply === undefined ? null : needNumber(flags.reply, '--reply');
      return { command: 'send-files', room: need(room, usage), paths, text: flags.text ?? '', reply };
    }
    case 'files': {
      const limit = needNumber(flags.limit ?? '30', '--limit');
      return { command, room: needText(words, 'files ROOM'), limit };
    }
    case 'save': {
      const usage = 'save ROOM POSITION [NAME] [--to FOLDER]';
      const [position, ...name] = rest;
      return {
        command,
        room: need(room, usage),
        position: needNumber(need(position, usage), 'POSITION'),
        name: name.join(' ').trim() || null,
        folder: pathOf(flags.to ?? '.', place),
      };
    }
    default:
      return null;
  }
}

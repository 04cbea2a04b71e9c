import { messageBody } from '@sotto/client';
import { numberOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { type SentFiles, sendFiles } from '../files/send-files.ts';
import { UsageError } from '../usage-error.ts';
import { arrive, openToWrite } from './arrive.ts';

interface SentText {
  readonly room: string;
  /** Null: what comes in on standard input. */
  readonly text: string | null;
  /** Position of the message it answers. */
  readonly reply: number | null;
}

export const send = engineCommand({
  usage: 'send ROOM [TEXT] [--file PATH …] [--text CAPTION] [--reply POSITION]',
  slash: false,
  read(line): SentText | SentFiles {
    const { reply: position, file, text } = line.flags;
    const room = line.one();
    const reply = position === undefined ? null : numberOf(position, '--reply');
    const words = line.rest();
    // `--file *.jpg`: a shell puts the further ones behind.
    if (file)
      return { room, paths: [...file, ...words].map((path) => line.path(path)), text: text ?? '', reply };
    const said = words.join(' ');
    return { room, text: words.length === 0 || said === '-' ? null : said, reply };
  },
  wants: (input) => (input.text === null ? { question: null, with: (text) => ({ ...input, text }) } : null),
  async run({ input, ...task }) {
    if ('paths' in input) return sendFiles({ ...task, input });
    const body = messageBody(input.text ?? '');
    if (body === '') throw new UsageError((t) => t.wrong.nothingToSend);
    const id = await openToWrite(task.engine, input.room);
    const reply = input.reply === null ? {} : { reply: input.reply };
    return arrive(task, id, await task.engine.messages.send(id, { body, ...reply }), 'while-online');
  },
});

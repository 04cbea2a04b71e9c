import { messageBody } from '@sotto/client';
import { fileFromPath } from '@sotto/client/node';
import { engineCommand, type Task } from '../command.ts';
import type { Exit } from '../exit.ts';
import { arrive, openToWrite } from '../messages/arrive.ts';
import { filesShown, withProgress } from './progress.ts';

export interface SentFiles {
  readonly room: string;
  /** Absolute: another process may do it, in another folder. */
  readonly paths: readonly string[];
  readonly text: string;
  readonly reply: number | null;
}

/** Files alone, as a running client takes them; `send` takes them on a command line. */
export const file = engineCommand({
  usage: 'file ROOM PATH … [--text CAPTION]',
  read: (line): SentFiles => ({
    room: line.one(),
    paths: line.all().map((path) => line.path(path)),
    text: line.flags.text ?? '',
    reply: null,
  }),
  run: (task) => sendFiles(task),
});

/**
 * Sends files with a caption, and waits until the server has all of it, also over breaks of the connection. Ended by the
 * person, the rest goes out the next time (E3).
 */
export async function sendFiles(task: Task<SentFiles>): Promise<Exit> {
  const { engine, input } = task;
  const files = await Promise.all(input.paths.map((path) => fileFromPath(path)));
  const id = await openToWrite(engine, input.room);
  const before = new Set(engine.files.transfers.state.keys());
  const reply = input.reply === null ? {} : { reply: input.reply };
  return withProgress(
    task,
    (file) => (before.has(file) ? null : (filesShown(engine, id).get(file)?.name ?? null)),
    async () => {
      const message = await engine.files.send(id, { files, body: messageBody(input.text), ...reply });
      return arrive(task, id, message, 'as-long-as-it-takes');
    },
  );
}

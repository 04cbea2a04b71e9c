import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError, type OpenFile, type SharedFile } from '@sotto/client';
import { saveToPath } from '@sotto/client/node';
import { numberedName, safeFileName } from '../../text/file-name.ts';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { savedJson } from '../../text/json.ts';
import { engineCommand, type Task } from '../command.ts';
import { EXIT } from '../exit.ts';
import { roomHere } from '../find.ts';
import { UsageError } from '../usage-error.ts';
import { withProgress } from './progress.ts';

const ALL = 100_000;

interface Saved {
  readonly room: string;
  readonly position: number;
  /** Null: all files of the message. */
  readonly name: string | null;
  /** Where to, absolute. */
  readonly folder: string;
}

/** Saves the files of a message, each whole or not at all (attack 16), and never over another file. */
export const save = engineCommand({
  usage: 'save ROOM POSITION [NAME] [--to FOLDER]',
  slash: { usage: 'POSITION [NAME]' },
  read: (line): Saved => ({
    room: line.one(),
    position: line.position(),
    name: line.maybeText(),
    folder: line.path(line.flags.to ?? '.'),
  }),
  async run(task) {
    const { engine, input, json, io } = task;
    const { room } = roomHere(engine, input.room);
    for (const shared of await chosen(task, room)) {
      const path = await fetchAndSave(task, shared);
      if (path === null) {
        io.note(io.texts.inside.stopped);
        return EXIT.failed;
      }
      io.out(json ? jsonLine(savedJson(shared, path)) : harmlessLine(path));
    }
    return EXIT.done;
  },
});

async function chosen(
  { engine, input }: Task<Saved>,
  room: SharedFile['room'],
): Promise<readonly SharedFile[]> {
  const { position, name } = input;
  const there = (await engine.files.list(room, ALL)).filter((shared) => shared.position === position);
  const found = name === null ? there : there.filter(({ file }) => file.name === name);
  if (found.length > 0) return found;
  throw new UsageError(({ wrong: t }) =>
    name !== null && there.length > 0 ? t.noFile({ position, name }) : t.noFiles({ position }),
  );
}

/** @returns where it is now; null where the person ended it */
async function fetchAndSave(task: Task<Saved>, shared: SharedFile): Promise<string | null> {
  const { engine, io, input } = task;
  const { room, position, file } = shared;
  const cancel = () => void engine.files.cancelDownload(file.file);
  io.ended.addEventListener('abort', cancel);
  try {
    return await withProgress(
      task,
      (other) => (other === file.file ? file.name : null),
      async () => saveBeside(await engine.files.open(room, position, file.file), input.folder, file.name),
    );
  } catch (error) {
    if (io.ended.aborted) return null;
    throw error;
  } finally {
    io.ended.removeEventListener('abort', cancel);
  }
}

/** Under the first free name: `plan.txt`, `plan (2).txt`, … @returns the path */
async function saveBeside(file: OpenFile, folder: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, numberedName(safeFileName(name), number));
    if (await isThere(path)) continue;
    try {
      await saveToPath(file, path);
      return path;
    } catch (error) {
      // Somebody else took the name in this very moment.
      if (!(error instanceof ClientError) || !isCode(error.cause, 'EEXIST')) throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw new ClientError('usage', { reason: 'path_unread', path, cause: error });
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

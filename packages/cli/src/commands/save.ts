import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError, type OpenFile, type SharedFile } from '@sotto/client';
import { saveToPath } from '@sotto/client/node';
import { type Asked, UsageError } from '../requests.ts';
import { numberedName, safeFileName } from '../text/file-name.ts';
import { savedJson } from '../text/json.ts';
import { harmlessLine } from '../text/words.ts';
import { roomHere } from './find.ts';
import { withProgress } from './progress.ts';
import { EXIT, type Exit, type Task } from './task.ts';

const ALL = 100_000;

/** Saves the files of a message, each whole or not at all (attack 16), and never over another file. */
export async function saveFiles(task: Task<Asked<'save'>>): Promise<Exit> {
  const { engine, request, json, io } = task;
  const { room } = roomHere(engine, request.room);
  for (const shared of await chosen(task, room)) {
    const path = await fetchAndSave(task, shared);
    if (path === null) {
      io.note('Stopped. What has arrived is kept for the next try.');
      return EXIT.failed;
    }
    io.out(json ? JSON.stringify(savedJson(shared, path)) : harmlessLine(path));
  }
  return EXIT.done;
}

async function chosen(
  { engine, request }: Task<Asked<'save'>>,
  room: SharedFile['room'],
): Promise<readonly SharedFile[]> {
  const { position, name } = request;
  const there = (await engine.files.list(room, ALL)).filter((shared) => shared.position === position);
  const found = name === null ? there : there.filter(({ file }) => file.name === name);
  if (found.length > 0) return found;
  const what =
    there.length > 0 ? `no file of ${position} is called ${name}` : `${position} has no files here`;
  throw new UsageError(`${what}; files lists them.`);
}

/** @returns where it is now; null where the person ended it */
async function fetchAndSave(task: Task<Asked<'save'>>, shared: SharedFile): Promise<string | null> {
  const { engine, io, request } = task;
  const { room, position, file } = shared;
  const cancel = () => void engine.files.cancelDownload(file.file);
  io.ended.addEventListener('abort', cancel);
  try {
    return await withProgress(
      task,
      (other) => (other === file.file ? file.name : null),
      async () => saveBeside(await engine.files.open(room, position, file.file), request.folder, file.name),
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
    throw new ClientError('usage', { message: `${path} cannot be looked at.`, cause: error });
  }
}

const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineCommand } from '../commands/command.ts';
import { EXIT, type Exit } from '../commands/exit.ts';
import { runTask } from '../commands/run.ts';
import { parseOptions } from '../options.ts';
import type { Texts } from '../texts/texts.ts';
import type { Session } from './enter.ts';
import { problemOf } from './problems.ts';

/** Names of Unix sockets are short: 104 bytes on some systems. */
const LONGEST_PATH = 100;

/** What a second process asks of the one that has the account: its arguments, and what came on its input. */
export interface DeskRequest {
  readonly args: readonly string[];
  /** Folder it was started in: paths begin there. */
  readonly folder: string;
  readonly text: string | null;
}

/** What it is answered, line by line. */
export type DeskAnswer =
  | { readonly type: 'out' | 'note' | 'progress'; readonly line: string }
  | { readonly type: 'exit'; readonly code: Exit };

/** Where the process that has the account listens; null where the path is too long for a socket. */
export function deskPath(directory: string, account: string): string | null {
  const path = join(directory, `${account}.desk`);
  return Buffer.byteLength(path) > LONGEST_PATH ? null : path;
}

/**
 * Lets other processes of the same user work through this one's engine, such as `send` next to a full screen.
 * Whoever may use the folder may ask; call it only with the account's lease in hand.
 * @returns closes the desk
 */
export function openDesk(
  session: Pick<Session, 'engine' | 'server'>,
  path: string,
  texts: Texts,
): () => void {
  rmSync(path, { force: true }); // left behind by a process that was killed
  const visitors = new Set<Socket>();
  const server = createServer((socket) => {
    visitors.add(socket);
    serve({ ...session, texts }, socket).finally(() => {
      visitors.delete(socket);
      socket.end();
    });
  });
  server.listen(path, () => chmodSync(path, 0o600));
  return () => {
    for (const visitor of visitors) visitor.destroy();
    server.close();
  };
}

async function serve(
  { engine, server, texts }: Pick<Session, 'engine' | 'server'> & { texts: Texts },
  socket: Socket,
): Promise<void> {
  const ended = new AbortController();
  socket.on('close', () => ended.abort());
  socket.on('error', () => ended.abort()); // the visitor is gone: nobody is left to tell
  const answer = (value: DeskAnswer) => {
    if (!ended.signal.aborted) socket.write(`${JSON.stringify(value)}\n`);
  };
  const note = (line: string) => answer({ type: 'note', line });
  const [line] = await firstLine(socket);
  const asked = line === undefined ? undefined : readRequest(line);
  if (!asked) return answer({ type: 'exit', code: EXIT.usage });
  const io = {
    texts,
    out: (text: string) => answer({ type: 'out', line: text }),
    note,
    progress: (text: string) => answer({ type: 'progress', line: text }),
    ended: ended.signal,
  };
  try {
    const { command, input, json } = asked;
    answer({ type: 'exit', code: await runTask(command, { engine, server, input, json, io }) });
  } catch (error) {
    const problem = problemOf(texts, error);
    note(problem.message);
    answer({ type: 'exit', code: problem.code });
  }
}

async function firstLine(socket: Socket): Promise<string[]> {
  const lines = createInterface({ input: socket });
  return new Promise((resolve) => {
    lines.once('line', (line) => resolve([line]));
    lines.once('close', () => resolve([]));
  });
}

function readRequest(line: string): { command: EngineCommand; input: unknown; json: boolean } | undefined {
  const value = parseJson(line);
  if (typeof value !== 'object' || value === null || !('args' in value) || !Array.isArray(value.args)) {
    return undefined;
  }
  const folder = 'folder' in value && typeof value.folder === 'string' ? { folder: value.folder } : {};
  const parsed = parseOptions(value.args.map(String), {}, folder);
  if (parsed.type !== 'run' || parsed.request.command.of !== 'engine') return undefined;
  const { command, input } = parsed.request;
  const want =
    'text' in value && typeof value.text === 'string' ? command.wants?.(input)?.with(value.text) : null;
  return { command, input: want ?? input, json: parsed.where.json };
}

/** @returns undefined for what is no JSON: a stranger's knock must not end the process that has the account */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { EXIT, type Exit } from '../commands/exit.ts';
import type { Io } from '../io.ts';
import type { DeskAnswer, DeskRequest } from './desk.ts';

/**
 * Lets the process that has the account do the work.
 * @returns how it ended; null where nobody listens (yet)
 */
export async function visitDesk(path: string, request: DeskRequest, io: Io): Promise<Exit | null> {
  const socket = await dial(path);
  if (!socket) return null;
  const leave = () => socket.destroy();
  io.ended.addEventListener('abort', leave);
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    const answer: DeskAnswer = JSON.parse(line);
    if (answer.type === 'exit') {
      socket.destroy();
      return answer.code;
    }
    io[answer.type](answer.line);
  }
  if (io.ended.aborted) return EXIT.done;
  io.note(io.texts.inside.otherEnded);
  return EXIT.failed;
}

function dial(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      socket.on('error', () => socket.destroy()); // the loop over its lines ends and tells
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
}

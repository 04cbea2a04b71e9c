import { createInterface } from 'node:readline';
import { Chat } from './chat.ts';
import type { Io } from './io.ts';
import type { Session } from './session/enter.ts';
import { problemOf } from './session/problems.ts';

/** One line at a time, for terminals without a screen and for programs. */
export async function chatByLines(session: Pick<Session, 'engine' | 'server'>, io: Io): Promise<void> {
  const { engine } = session;
  let status = '';
  const tellStatus = () => {
    const { connection } = engine.state;
    if (connection.status === status) return;
    status = connection.status;
    io.out('reason' in connection ? `${status}: ${connection.reason}` : status);
  };
  engine.subscribe(tellStatus);
  tellStatus();
  io.out(`You are ${engine.state.self.name}. /help lists what you can do.`);
  const chat = new Chat(session, io);
  const lines = createInterface({ input: process.stdin });
  io.ended.addEventListener('abort', () => lines.close());
  for await (const line of lines) {
    const goesOn = await chat.take(line).catch((error: unknown) => {
      io.out(problemOf(error).message);
      return true;
    });
    if (!goesOn) break;
  }
  lines.close();
}

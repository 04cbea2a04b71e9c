import { createInterface } from 'node:readline';
import { Chat } from './chat.ts';
import type { Io } from './io.ts';
import type { Session } from './session/enter.ts';
import { problemOf } from './session/problems.ts';
import { statusWords } from './text/words.ts';

/** One line at a time, for terminals without a screen and for programs. */
export async function chatByLines(session: Pick<Session, 'engine' | 'server'>, io: Io): Promise<void> {
  const { engine } = session;
  const { texts } = io;
  let status = '';
  const tellStatus = () => {
    const { connection } = engine.state;
    if (connection.status === status) return;
    status = connection.status;
    io.out(statusWords(texts, connection));
  };
  engine.subscribe(tellStatus);
  tellStatus();
  io.out(texts.inside.youAre({ name: engine.state.self.name }));
  const chat = new Chat(session, io);
  const lines = createInterface({ input: process.stdin });
  io.ended.addEventListener('abort', () => lines.close());
  for await (const line of lines) {
    const goesOn = await chat.take(line).catch((error: unknown) => {
      io.out(problemOf(texts, error).message);
      return true;
    });
    if (!goesOn) break;
  }
  lines.close();
}

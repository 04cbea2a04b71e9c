import { ClientError } from '@sotto/client';
import { fileFromPath } from '@sotto/client/node';
import type { Asked } from '../requests.ts';
import { obstacle } from '../text/words.ts';
import { openRoom } from './find.ts';
import { filesShown, withProgress } from './progress.ts';
import { openTimeline } from './read.ts';
import { arrive } from './send.ts';
import type { Exit, Task } from './task.ts';

/**
 * Sends files with a caption, and waits until the server has all of it, also over breaks of the connection. Ended by the
 * person, the rest goes out the next time (E3).
 */
export async function sendFiles({ engine, request, json, io }: Task<Asked<'send-files'>>): Promise<Exit> {
  const files = await Promise.all(request.paths.map((path) => fileFromPath(path)));
  const id = await openRoom(engine, request.room);
  const room = engine.state.rooms.get(id);
  const reason = room && obstacle(room);
  if (reason) throw new ClientError('usage', { message: reason });
  await openTimeline(engine, id);
  const before = new Set(engine.files.transfers.state.keys());
  const body = request.text.trim();
  const reply = request.reply === null ? {} : { reply: request.reply };
  return withProgress(
    { engine, json, io },
    (file) => (before.has(file) ? null : (filesShown(engine, id).get(file)?.name ?? null)),
    async () => {
      const message = await engine.files.send(id, { files, body, ...reply });
      return arrive({ engine, json, io }, id, message, 'as long as it takes');
    },
  );
}

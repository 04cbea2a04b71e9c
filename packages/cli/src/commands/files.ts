import type { Asked } from '../requests.ts';
import { sharedJson } from '../text/json.ts';
import { sharedLine } from '../text/words.ts';
import { roomHere } from './find.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';

/** The files of a conversation, oldest first, with the positions that `save` takes. */
export async function listFiles(task: Task<Asked<'files'>>): Promise<Exit> {
  const { engine, request } = task;
  const files = await engine.files.list(roomHere(engine, request.room).room, request.limit);
  const inOrder = files.toSorted((a, b) => a.position - b.position);
  return print(task, inOrder, sharedJson(engine.state), sharedLine(engine.state));
}

/** Files on their way: held, let go on, or given up. */
export async function changeTransfers({
  engine,
  request,
}: Task<Asked<'pause' | 'resume' | 'cancel'>>): Promise<Exit> {
  const { files } = engine;
  const moving = [...files.transfers.state];
  switch (request.command) {
    case 'pause':
    case 'resume':
      await Promise.all(moving.map(([file]) => files[request.command](file)));
      return EXIT.done;
    case 'cancel': {
      const { room } = roomHere(engine, request.room);
      for (const [file, { direction }] of moving) if (direction === 'down') await files.cancelDownload(file);
      for (const item of engine.timeline(room).state.items) {
        const waits = item.type === 'message' && item.position === null && item.files.length > 0;
        if (waits) await engine.discard(room, item.id);
      }
      return EXIT.done;
    }
  }
}

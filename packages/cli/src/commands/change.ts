import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Asked } from '../requests.ts';
import { searchJson } from '../text/json.ts';
import { searchLine } from '../text/words.ts';
import { roomHere } from './find.ts';
import { openTimeline } from './read.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';

type MessageCommand = 'edit' | 'delete' | 'react' | 'mute' | 'unmute' | 'retry' | 'discard';

/** What is done to messages that stand, and to a conversation on this account. */
export async function changeMessages({ engine, request }: Task<Asked<MessageCommand>>): Promise<Exit> {
  const { room } = roomHere(engine, request.room);
  switch (request.command) {
    case 'edit':
      await engine.edit(room, request.position, request.text);
      return EXIT.done;
    case 'delete':
      await engine.remove(room, request.position);
      return EXIT.done;
    case 'react':
      await react(engine, room, request);
      return EXIT.done;
    case 'mute':
    case 'unmute':
      await engine.setMuted(room, request.command === 'mute');
      return EXIT.done;
    case 'retry':
    case 'discard':
      await eachFailed(engine, room, request.command);
      return EXIT.done;
  }
}

/** The same sign again takes it back. */
async function react(engine: Engine, room: RoomId, { position, text }: Asked<'react'>): Promise<void> {
  const timeline = await openTimeline(engine, room);
  const item = timeline.state.items.find((line) => line.position === position);
  const given = item?.type === 'message' && item.reactions.some((each) => each.emoji === text && each.own);
  await engine.react(room, position, text, !given);
}

async function eachFailed(engine: Engine, room: RoomId, command: 'retry' | 'discard'): Promise<void> {
  const timeline = await openTimeline(engine, room);
  for (const item of timeline.state.items) {
    if (item.type !== 'message' || item.delivery?.state !== 'failed') continue;
    await (command === 'retry' ? engine.retry(room, item.id) : engine.discard(room, item.id));
  }
}

/** Messages on this device whose text has all words. */
export async function search(task: Task<Asked<'search'>>): Promise<Exit> {
  const { engine, request } = task;
  const hits = await engine.search(request.text, request.limit);
  return print(task, hits, searchJson(engine.state), searchLine(engine.state));
}

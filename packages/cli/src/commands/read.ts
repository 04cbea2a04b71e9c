import type { Engine, Timeline } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Asked } from '../requests.ts';
import { itemJson } from '../text/json.ts';
import { itemLine } from '../text/words.ts';
import { openRoom } from './find.ts';
import { EXIT, type Exit, type Task } from './task.ts';
import { holds } from './wait.ts';

type Read = Asked<'read'>;

/** Prints the last lines of a conversation, oldest first. */
export async function read({ engine, request, json, io }: Task<Read>): Promise<Exit> {
  const id = await openRoom(engine, request.room);
  const timeline = await openTimeline(engine, id);
  while (timeline.state.items.length < request.limit && timeline.state.hasOlder && !io.ended.aborted) {
    await timeline.loadOlder();
  }
  const room = engine.state.rooms.get(id);
  for (const item of timeline.state.items.slice(-request.limit)) {
    const { state } = engine;
    io.out(json && room ? JSON.stringify(itemJson(item, room, state)) : itemLine(item, state));
  }
  if (!request.peek) await markRead(engine, id);
  return EXIT.done;
}

/** The conversation's lines once they were read from the store. */
export async function openTimeline(engine: Engine, room: RoomId): Promise<Timeline> {
  const timeline = engine.timeline(room);
  await holds(timeline, () => timeline.state.items.length > 0, { within: 5_000 });
  return timeline;
}

/** Everything that is there was on the user's screen. */
export async function markRead(engine: Engine, room: RoomId): Promise<void> {
  const newest = engine.timeline(room).state.items.findLast((item) => item.position !== null)?.position;
  if (newest) await engine.markRead(room, newest);
}

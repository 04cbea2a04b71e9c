import type { Engine, Timeline } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { holds } from './wait.ts';

/** The conversation's lines once they were read from the store. */
export async function openTimeline(engine: Engine, room: RoomId): Promise<Timeline> {
  const timeline = engine.timeline(room);
  await holds(timeline, () => timeline.state.items.length > 0, { within: 5_000 });
  return timeline;
}

/** Everything that is there was on the user's screen. */
export async function markRead(engine: Engine, room: RoomId): Promise<void> {
  const newest = engine.timeline(room).state.items.findLast((item) => item.position !== null)?.position;
  if (newest) await engine.messages.markRead(room, newest);
}

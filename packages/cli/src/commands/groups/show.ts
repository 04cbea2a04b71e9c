import type { Room } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { roomJson } from '../../text/json.ts';
import { roomLine } from '../../text/words.ts';
import type { Task } from '../command.ts';
import { groupHere } from '../find.ts';
import { print } from '../print.ts';

/** How a conversation is now. */
export function showRoom(task: Task, id: RoomId): void {
  const room = task.engine.state.rooms.get(id);
  print(task, room ? [room] : [], roomJson, roomLine(task.io.texts));
}

/** Changes a group, and shows how it is then. @throws ClientError, UsageError where it is none */
export async function changeGroup(
  task: Task<{ readonly room: string }>,
  change: (group: Room) => Promise<void>,
): Promise<void> {
  const group = groupHere(task.engine, task.input.room);
  await change(group);
  showRoom(task, group.room);
}

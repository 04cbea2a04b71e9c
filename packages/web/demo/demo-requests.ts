import type { EngineState, Room, RoomRequest, TimelineItem } from '@sotto/client';
import type { RoomId } from '../src/app/types.ts';
import { account, room } from './ids.ts';
import { quietRoom } from './quiet-room.ts';
import { Script } from './script.ts';

interface Asked {
  readonly requests: RoomRequest[];
  readonly items: Map<RoomId, TimelineItem[]>;
}

/** People who would like to write, or brought this person into a group. */
export function demoRequests(self: string, now: number): Asked {
  const requests: RoomRequest[] = [];
  const items = new Map<RoomId, TimelineItem[]>();
  const ask = (
    by: string,
    asked: { title: string; topic?: string; with?: readonly string[]; says: string[] },
  ) => {
    const others = asked.with ?? [];
    const direct = asked.title === '';
    const id = room(direct ? `d${by}` : asked.title);
    const script = new Script(self, id, direct ? by : null, now - 3 * 3_600_000);
    for (const body of asked.says) script.say(by, body);
    items.set(id, script.items);
    const names = [by, self, ...others];
    const preview: Room = {
      ...quietRoom(id),
      kind: direct ? 'direct' : 'group',
      title: direct ? by : asked.title,
      topic: asked.topic ?? '',
      peer: direct ? account(by) : null,
      members: names.map((name) => ({ account: account(name), name, role: 'member', devices: 1 })),
      role: 'member',
      unread: asked.says.length,
    };
    const at = now - requests.length * 5 * 3_600_000;
    const header = `header of ${by}`;
    requests.push({
      room: id,
      kind: preview.kind,
      by: account(by),
      name: by,
      others: others.length,
      header,
      at,
      preview,
    });
  };
  ask('Victor', { title: '', says: ['Hi! We met at the fair on Saturday.', 'Is this you?'] });
  ask('Mallory', {
    title: 'FREE PRIZES click now',
    topic: 'You have won',
    with: ['Niaj', 'Olivia', 'Peggy'],
    says: ['Congratulations! https://prizes.example/you', 'Only today.', 'Hurry!'],
  });
  ask('Trent', { title: 'Street party', with: ['Walter'], says: ['Who brings the tables?'] });
  return { requests, items };
}

/** What is left of the state once a request was answered. */
export function answered(state: EngineState, id: RoomId, accepted: boolean): Partial<EngineState> {
  const request = state.requests.find((one) => one.room === id);
  const requests = state.requests.filter((one) => one.room !== id);
  if (!request || !accepted) return { requests };
  const rooms = new Map(state.rooms).set(id, request.preview);
  return { requests, rooms, order: [id, ...state.order] };
}

import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Asked } from '../requests.ts';
import { memberJson, roomJson } from '../text/json.ts';
import { memberLine, roomLine } from '../text/words.ts';
import { groupHere, peopleCalled, personCalled, roomHere } from './find.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';

type GroupCommand =
  | 'make-group'
  | 'members'
  | 'add-members'
  | 'remove-member'
  | 'set-role'
  | 'rename-group'
  | 'set-rules'
  | 'rekey'
  | 'leave';

/** Who is in a group, and what it is called. */
export async function changeGroup(task: Task<Asked<GroupCommand>>): Promise<Exit> {
  const { engine, request } = task;
  switch (request.command) {
    case 'members': {
      const { members } = roomHere(engine, request.room);
      return print(task, members, memberJson(engine.state), memberLine(engine.state));
    }
    case 'make-group': {
      const { name, topic } = request;
      const members = peopleCalled(engine.state, request.people);
      const room = await engine.createGroup({ name, topic, members });
      task.onRoom?.(room);
      return show(task, room);
    }
    case 'leave': {
      const { room } = groupHere(engine, request.room);
      await engine.leave(room);
      return EXIT.done;
    }
    default: {
      const room =
        request.command === 'rekey' ? roomHere(engine, request.room) : groupHere(engine, request.room);
      await change(engine, room.room, request);
      return show(task, room.room);
    }
  }
}

type Change = Asked<Exclude<GroupCommand, 'make-group' | 'members' | 'leave'>>;

async function change(engine: Engine, room: RoomId, request: Change): Promise<void> {
  const { state } = engine;
  const known = state.rooms.get(room);
  switch (request.command) {
    case 'add-members':
      return engine.addMembers(room, peopleCalled(state, request.people));
    case 'remove-member':
      return engine.removeMember(room, personCalled(state, request.person).account);
    case 'set-role':
      return engine.setRole(room, personCalled(state, request.person).account, request.role);
    case 'rename-group': {
      const name = request.name ?? known?.title ?? '';
      return engine.rename(room, request.topic === null ? { name } : { name, topic: request.topic });
    }
    case 'set-rules': {
      const policy = known?.policy ?? { add: 'admin', history: 'joined' };
      const { add, history } = request;
      return engine.setPolicy(room, { add: add ?? policy.add, history: history ?? policy.history });
    }
    case 'rekey':
      return engine.rekey(room);
  }
}

function show(task: Task, id: RoomId): Exit {
  const room = task.engine.state.rooms.get(id);
  return print(task, room ? [room] : [], roomJson, roomLine);
}

import { memberJson } from '../../text/json.ts';
import { memberLine } from '../../text/words.ts';
import { engineCommand } from '../command.ts';
import { peopleCalled, personCalled, roomHere } from '../find.ts';
import { print } from '../print.ts';
import { changeGroup } from './show.ts';

const ROLES = ['admin', 'member'] as const;

export const members = engineCommand({
  usage: 'members ROOM',
  read: (line) => ({ room: line.text() }),
  async run(task) {
    const { engine, input } = task;
    const room = roomHere(engine, input.room);
    print(task, room.members, memberJson(engine.state), memberLine(task.io.texts, engine.state));
  },
});

export const addMembers = engineCommand({
  usage: 'group add ROOM PERSON …',
  slash: { name: 'add' },
  read: (line) => ({ room: line.one(), people: line.all() }),
  run: (task) =>
    changeGroup(task, ({ room }) => {
      const { engine, input } = task;
      return engine.rooms.addMembers(room, peopleCalled(engine.state, input.people));
    }),
});

export const removeMember = engineCommand({
  usage: 'group remove ROOM PERSON',
  slash: { name: 'remove' },
  read: (line) => ({ room: line.one(), person: line.text() }),
  run: (task) =>
    changeGroup(task, ({ room }) => {
      const { engine, input } = task;
      return engine.rooms.removeMember(room, personCalled(engine.state, input.person).account);
    }),
});

export const setRole = engineCommand({
  usage: 'group role ROOM PERSON admin|member',
  slash: { name: 'role' },
  read(line) {
    const role = line.last(ROLES);
    return { room: line.one(), person: line.text(), role };
  },
  run: (task) =>
    changeGroup(task, ({ room }) => {
      const { engine, input } = task;
      return engine.rooms.setRole(room, personCalled(engine.state, input.person).account, input.role);
    }),
});

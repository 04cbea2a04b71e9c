import { engineCommand } from '../command.ts';
import { groupHere, peopleCalled, roomHere } from '../find.ts';
import { UsageError } from '../usage-error.ts';
import { showRoom } from './show.ts';

export const makeGroup = engineCommand({
  usage: 'group make NAME [PERSON …] [--topic TEXT]',
  slash: { name: 'group' },
  read: (line) => ({ name: line.one(), topic: line.flags.topic ?? '', people: line.rest() }),
  async run(task) {
    const { engine, input } = task;
    const { name, topic } = input;
    const room = await engine.rooms.createGroup({
      name,
      topic,
      members: peopleCalled(engine.state, input.people),
    });
    task.onRoom?.(room);
    showRoom(task, room);
  },
});

export const rekey = engineCommand({
  usage: 'group rekey ROOM',
  slash: { name: 'rekey' },
  read: (line) => ({ room: line.one() }),
  async run(task) {
    const { room } = roomHere(task.engine, task.input.room);
    await task.engine.rooms.rekey(room);
    showRoom(task, room);
  },
});

export const leave = engineCommand({
  usage: 'group leave ROOM',
  slash: { name: 'leave' },
  read(line) {
    const room = line.one();
    if (line.inside && line.maybeText() !== 'now') throw new UsageError((t) => t.wrong.leave);
    return { room };
  },
  run: ({ engine, input }) => engine.rooms.leave(groupHere(engine, input.room).room),
});

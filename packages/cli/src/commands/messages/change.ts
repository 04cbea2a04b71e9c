import { engineCommand } from '../command.ts';
import { roomHere } from '../find.ts';
import { openTimeline } from '../timeline.ts';

export const edit = engineCommand({
  usage: 'edit ROOM POSITION TEXT',
  read: (line) => ({ room: line.one(), position: line.position(), text: line.text() }),
  run: ({ engine, input: { room, position, text } }) =>
    engine.messages.edit(roomHere(engine, room).room, position, text),
});

export const remove = engineCommand({
  usage: 'delete ROOM POSITION',
  read: (line) => ({ room: line.one(), position: line.position() }),
  run: ({ engine, input: { room, position } }) =>
    engine.messages.remove(roomHere(engine, room).room, position),
});

export const react = engineCommand({
  usage: 'react ROOM POSITION EMOJI',
  read: (line) => ({ room: line.one(), position: line.position(), text: line.text() }),
  async run({ engine, input: { room: name, position, text } }) {
    const { room } = roomHere(engine, name);
    const { items } = (await openTimeline(engine, room)).state;
    const item = items.find((each) => each.position === position);
    const given = item?.type === 'message' && item.reactions.some((each) => each.emoji === text && each.own);
    await engine.messages.react(room, position, text, !given);
  },
});

import { jsonLine } from '../../text/harmless.ts';
import { itemJson } from '../../text/json.ts';
import { itemLine } from '../../text/words.ts';
import { limitOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { openRoom } from '../find.ts';
import { markRead, openTimeline } from '../timeline.ts';

export const read = engineCommand({
  usage: 'read ROOM [--limit N] [--peek]',
  slash: false,
  help: 'the last messages (30), oldest first; marks them as read unless --peek',
  read: (line) => ({ room: line.one(), limit: limitOf(line.flags), peek: line.flags.peek ?? false }),
  async run({ engine, input, json, io }) {
    const id = await openRoom(engine, input.room);
    const timeline = await openTimeline(engine, id);
    while (timeline.state.items.length < input.limit && timeline.state.hasOlder && !io.ended.aborted) {
      await timeline.loadOlder();
    }
    const room = engine.state.rooms.get(id);
    for (const item of timeline.state.items.slice(-input.limit)) {
      const { state } = engine;
      io.out(json && room ? jsonLine(itemJson(item, room, state)) : itemLine(item, state));
    }
    if (!input.peek) await markRead(engine, id);
  },
});

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
  read: (line) => ({ room: line.one(), limit: limitOf(line.flags), peek: line.flags.peek ?? false }),
  async run({ engine, input, json, io }) {
    const { texts } = io;
    const id = await openRoom(engine, input.room);
    const timeline = await openTimeline(engine, id);
    while (timeline.state.items.length < input.limit && timeline.state.hasOlder && !io.ended.aborted) {
      await timeline.loadOlder();
    }
    const room = engine.state.rooms.get(id);
    for (const item of timeline.state.items.slice(-input.limit)) {
      const { state } = engine;
      io.out(json && room ? jsonLine(itemJson(texts, item, room, state)) : itemLine(texts, item, state));
    }
    if (!input.peek) await markRead(engine, id);
  },
});

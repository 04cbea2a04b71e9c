import { engineCommand } from '../command.ts';
import { roomHere } from '../find.ts';
import { openTimeline } from '../timeline.ts';

const ofFailed = (name: 'retry' | 'discard') =>
  engineCommand({
    usage: `${name} ROOM`,
    read: (line) => ({ room: line.text() }),
    async run({ engine, input }) {
      const { room } = roomHere(engine, input.room);
      const timeline = await openTimeline(engine, room);
      for (const item of timeline.state.items) {
        if (item.type === 'message' && item.delivery?.state === 'failed')
          await engine.messages[name](room, item.id);
      }
    },
  });

export const retry = ofFailed('retry');
export const discard = ofFailed('discard');

const muting = (name: 'mute' | 'unmute') =>
  engineCommand({
    usage: `${name} ROOM`,
    read: (line) => ({ room: line.text() }),
    run: ({ engine, input }) => engine.rooms.setMuted(roomHere(engine, input.room).room, name === 'mute'),
  });

export const mute = muting('mute');
export const unmute = muting('unmute');

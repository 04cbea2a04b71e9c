import { filesIn } from '@sotto/client';
import { sharedJson } from '../../text/json.ts';
import { sharedLine } from '../../text/words.ts';
import { limitOf } from '../arguments.ts';
import { engineCommand } from '../command.ts';
import { roomHere } from '../find.ts';
import { print } from '../print.ts';

export const files = engineCommand({
  usage: 'files ROOM [--limit N]',
  read: (line) => ({ room: line.text(), limit: limitOf(line.flags) }),
  async run(task) {
    const { engine, input } = task;
    const found = await engine.files.list(roomHere(engine, input.room).room, input.limit);
    const inOrder = found.toSorted((a, b) => a.position - b.position);
    print(task, inOrder, sharedJson(engine.state), sharedLine(task.io.texts, engine.state));
  },
});

const steering = (name: 'pause' | 'resume') =>
  engineCommand({
    usage: `${name} ROOM`,
    read: (line) => ({ room: line.one() }),
    async run({ engine: { files } }) {
      await Promise.all([...files.transfers.state.keys()].map((file) => files[name](file)));
    },
  });

export const pause = steering('pause');
export const resume = steering('resume');

export const cancel = engineCommand({
  usage: 'cancel ROOM',
  read: (line) => ({ room: line.one() }),
  async run({ engine, input }) {
    const { files } = engine;
    const { room } = roomHere(engine, input.room);
    for (const [file, { direction }] of [...files.transfers.state])
      if (direction === 'down') await files.cancelDownload(file);
    for (const item of engine.timeline(room).state.items) {
      const waits = item.type === 'message' && item.position === null && filesIn(item).length > 0;
      if (waits) await engine.messages.discard(room, item.id);
    }
  },
});

import { engineCommand } from '../command.ts';
import { requestCalled } from './asked.ts';

export const accept = engineCommand({
  usage: 'accept NUMBER',
  read: (line) => ({ number: line.one() }),
  async run(task) {
    const { room, header } = await requestCalled(task, task.input.number);
    await task.engine.rooms.acceptRequest(room, header);
    task.onRoom?.(room);
  },
});

export const decline = engineCommand({
  usage: 'decline NUMBER [--block]',
  read: (line) => ({ number: line.one(), block: line.flags.block ?? false }),
  async run(task) {
    const { room, header } = await requestCalled(task, task.input.number);
    await task.engine.rooms.declineRequest(room, { header, block: task.input.block });
  },
});

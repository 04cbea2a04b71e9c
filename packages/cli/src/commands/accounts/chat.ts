import type { Session } from '../../session/enter.ts';
import { type MachineTask, machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { signIn, signUp } from './arrive.ts';

/** Talking: on the whole screen where there is one, else line by line. */
export const chat = machineCommand({
  usage: 'chat',
  run: async (task) => task.talk((await task.known()) ?? (await firstTime(task))),
});

async function firstTime(task: MachineTask): Promise<Session> {
  const { where, asker, io, screen } = task;
  if (!screen) {
    if (where.name === null) throw new UsageError((t) => t.wrong.name);
    return signUp({ where, asker, io: { ...io, note: io.out } }, true);
  }
  const { ask } = io.texts;
  io.note(ask.firstTime);
  const choice = (await asker.ask(ask.oneToThree)).trim();
  switch (choice) {
    case '1':
      return signIn(task);
    case '2':
      return signUp(task, false);
    case '3':
      return signUp(task, true);
    default:
      throw new UsageError((t) => t.wrong.oneToThree({ choice }));
  }
}

import type { Session } from '../../session/enter.ts';
import { type MachineTask, machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { signIn, signUp } from './arrive.ts';

/** Talking: on the whole screen where there is one, else line by line. */
export const chat = machineCommand({
  usage: 'chat',
  help: 'the same as no command: full screen on a terminal; else lines are read from standard input',
  run: async (task) => task.talk((await task.known()) ?? (await firstTime(task))),
});

async function firstTime(task: MachineTask): Promise<Session> {
  const { where, asker, io, screen } = task;
  if (!screen) {
    if (where.name === null) throw new UsageError('--name: expected your name');
    return signUp({ where, asker, io: { ...io, note: io.out } }, true);
  }
  io.note(
    'Nobody has signed in here yet.\n  1  I have an account\n  2  I am new\n  3  Just a name, no password',
  );
  const choice = (await asker.ask('1, 2 or 3')).trim();
  switch (choice) {
    case '1':
      return signIn(task);
    case '2':
      return signUp(task, false);
    case '3':
      return signUp(task, true);
    default:
      throw new UsageError(`${choice}: expected 1, 2 or 3`);
  }
}

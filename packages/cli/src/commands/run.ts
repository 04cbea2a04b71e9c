import type { Task } from './command.ts';
import { EXIT, type Exit } from './exit.ts';
import { catchUp } from './wait.ts';

interface Runs<T> {
  run(task: T): Promise<Exit> | Promise<void>;
}

/** Does what was asked. @throws ClientError, UsageError for what cannot be done */
export async function run<T>(command: Runs<T>, task: T): Promise<Exit> {
  const ended: unknown = await command.run(task);
  return Object.values(EXIT).find((code) => code === ended) ?? EXIT.done;
}

/** The same of an open account, once it has what the server has. */
export async function runTask<T extends Task>(command: Runs<T>, task: T): Promise<Exit> {
  await catchUp(task.engine, task.io);
  return run(command, task);
}

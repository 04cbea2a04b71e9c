import { setTimeout as pause } from 'node:timers/promises';
import type { EngineCommand, MachineTask, Request } from './commands/command.ts';
import { EXIT, type Exit } from './commands/exit.ts';
import { run, runTask } from './commands/run.ts';
import { UsageError } from './commands/usage-error.ts';
import type { Io } from './io.ts';
import { chatByLines } from './lines.ts';
import type { Asker } from './session/ask.ts';
import { deskPath, openDesk } from './session/desk.ts';
import { resume, type Session } from './session/enter.ts';
import { visitDesk } from './session/visit.ts';
import type { Where } from './where.ts';

/** How long a short command of another process may hold the account. */
const LEASE_WITHIN = 15_000;

export interface Invocation {
  readonly where: Where;
  readonly args: readonly string[];
  readonly asker: Asker;
  readonly io: Io;
  /** Both ends are a terminal: the full screen can be shown. */
  readonly screen: boolean;
}

/** Does what the command line asks for. @throws UsageError, ClientError and others `problemOf` words */
export async function dispatch({ command, input }: Request, invocation: Invocation): Promise<Exit> {
  const { where, asker, io } = invocation;
  const json = where.json;
  switch (command.of) {
    case 'engine':
      return ask(command, input, invocation);
    case 'account':
      return withAccount(invocation, ({ engine, server }) =>
        runTask(command, { engine, server, input, json, io, asker, onScreen: false }),
      );
    case 'machine':
      return run(command, machineTask(input, invocation));
    case 'stage':
      throw new Error(`${command.name} is typed into a client that runs`);
  }
}

async function ask(command: EngineCommand, input: unknown, invocation: Invocation): Promise<Exit> {
  const { where, args, asker, io } = invocation;
  const want = command.wants?.(input);
  const text = want
    ? await (want.question === null ? asker.readAll() : asker.ask(want.question(io.texts)))
    : null;
  const full = want && text !== null ? want.with(text) : input;
  const end = Date.now() + LEASE_WITHIN;
  for (;;) {
    const session = await resume(where, asker);
    if (session === 'nobody') throw nobody(where);
    if (!('taken' in session)) {
      const { engine, server } = session;
      const work = () => runTask(command, { engine, server, input: full, json: where.json, io });
      return command.stays ? withDesk(session, invocation, work) : work().finally(session.close);
    }
    const path = deskPath(where.directory, session.taken);
    const exit = path && (await visitDesk(path, { args, folder: process.cwd(), text }, io));
    if (exit !== null && exit !== '') return exit;
    // Not at its desk: starting, or a short command that gives the account back in a moment.
    if (Date.now() > end) throw taken();
    await pause(50);
  }
}

function machineTask(input: unknown, invocation: Invocation): MachineTask {
  const { where, asker, io, screen } = invocation;
  return {
    ...{ input, where, asker, io, screen },
    known: () => known(invocation),
    withAccount: (use) => withAccount(invocation, use),
    talk: (session) =>
      withDesk(session, invocation, async () => {
        if (screen) {
          // Ink and React are only loaded where they are shown: commands start faster without.
          const { openScreen } = await import('./screen/open.ts');
          await openScreen(session, io);
        } else {
          await chatByLines(session, io);
        }
        return EXIT.done;
      }),
  };
}

/** Other commands of this user may work through the session while it lasts. */
async function withDesk(
  session: Session,
  { where, io: { texts } }: Invocation,
  run: () => Promise<Exit>,
): Promise<Exit> {
  const path = deskPath(where.directory, session.engine.id);
  const closeDesk = path === null ? () => undefined : openDesk(session, path, texts);
  try {
    return await run();
  } finally {
    closeDesk();
    await session.close();
  }
}

async function withAccount<T>(invocation: Invocation, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await known(invocation);
  if (!session) throw nobody(invocation.where);
  return use(session).finally(session.close);
}

async function known({ where, asker }: Invocation): Promise<Session | null> {
  const session = await resume(where, asker);
  if (session === 'nobody') return null;
  if ('taken' in session) throw taken();
  return session;
}

const nobody = ({ name }: Where) =>
  new UsageError((t) => (name === null ? t.wrong.nobodySignedIn : t.wrong.notSignedIn({ name })));

const taken = () => new UsageError((t) => t.wrong.taken);

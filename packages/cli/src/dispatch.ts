import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from './commands/run.ts';
import { EXIT, type Exit } from './commands/task.ts';
import { isEngineRequest } from './grammar/kinds.ts';
import type { Io } from './io.ts';
import { chatByLines } from './lines.ts';
import type { Where } from './options.ts';
import {
  type AccountRequest,
  type EngineRequest,
  needOf,
  type Request,
  UsageError,
  withInput,
} from './requests.ts';
import { changeAccount, listAccounts, setPassphrase, signOut, writeOut } from './session/accounts.ts';
import type { Asker } from './session/ask.ts';
import { bringFiles, writeBackup } from './session/backup.ts';
import { deskPath, openDesk } from './session/desk.ts';
import { arrive, resume, type Session } from './session/enter.ts';
import { visitDesk } from './session/visit.ts';

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
export async function dispatch(request: Request, invocation: Invocation): Promise<Exit> {
  return isEngineRequest(request) ? work(request, invocation) : manage(request, invocation);
}

async function work(request: EngineRequest, invocation: Invocation): Promise<Exit> {
  const { where, args, asker, io } = invocation;
  const text = await inputFor(request, asker);
  const full = withInput(request, text);
  const end = Date.now() + LEASE_WITHIN;
  for (;;) {
    const session = await resume(where, asker);
    if (session === 'nobody') throw nobody(where);
    if (!('taken' in session)) {
      const { engine, server } = session;
      const run = () => runCommand({ engine, server, request: full, json: where.json, io });
      return request.command === 'follow' ? withDesk(session, where, run) : run().finally(session.close);
    }
    const path = deskPath(where.directory, session.taken);
    const exit = path && (await visitDesk(path, { args, folder: process.cwd(), text }, io));
    if (exit !== null && exit !== '') return exit;
    // Not at its desk: starting, or a short command that gives the account back in a moment.
    if (Date.now() > end) throw taken();
    await pause(50);
  }
}

/** What a request takes from standard input; null where it takes nothing. */
function inputFor(request: EngineRequest, asker: Asker): Promise<string | null> {
  const need = needOf(request);
  if (need === null) return Promise.resolve(null);
  return need.type === 'all' ? asker.readAll() : asker.ask(need.question);
}

async function manage(request: AccountRequest, invocation: Invocation): Promise<Exit> {
  const { where, asker, io } = invocation;
  switch (request.command) {
    case 'accounts':
      return listAccounts(invocation);
    case 'passphrase':
      return setPassphrase(invocation);
    case 'signup':
    case 'signin':
    case 'recover':
    case 'reset':
    case 'restore': {
      const session = await arrive(request, { where, asker, io });
      const { account, device, name, kind } = session.engine.state.self;
      await session.close();
      io.out(where.json ? JSON.stringify({ account, device, name, kind }) : `You are ${name}.`);
      return EXIT.done;
    }
    case 'chat':
      return chat(invocation);
    case 'export': {
      const session = await mine(invocation);
      return writeOut(request, session, invocation).finally(session.close);
    }
    case 'backup': {
      const session = await mine(invocation);
      return writeBackup(request, session, invocation).finally(session.close);
    }
    case 'restore-files': {
      const session = await mine(invocation);
      return bringFiles(request, session, invocation).finally(session.close);
    }
    case 'signout': {
      const session = await mine(invocation);
      return signOut(session, invocation).finally(session.close);
    }
    default: {
      const session = await mine(invocation);
      return changeAccount(request.command, session, invocation).finally(session.close);
    }
  }
}

/** Talking: on the whole screen where there is one, else line by line. */
async function chat(invocation: Invocation): Promise<Exit> {
  const { where, asker, io, screen } = invocation;
  const known = await resume(where, asker);
  if (known !== 'nobody' && 'taken' in known) throw taken();
  const session = known === 'nobody' ? await firstTime(invocation) : known;
  return withDesk(session, where, async () => {
    if (screen) {
      // Ink and React are only loaded where they are shown: commands start faster without.
      const { openScreen } = await import('./screen/open.ts');
      await openScreen(session, io.ended);
    } else {
      await chatByLines(session, io);
    }
    return EXIT.done;
  });
}

async function firstTime({ where, asker, io, screen }: Invocation): Promise<Session> {
  const arrival = { where, asker, io: { ...io, note: screen ? io.note : io.out } };
  if (where.name === null && !screen) throw new UsageError('--name: expected your name');
  if (!screen) return arrive({ command: 'signup', guest: true }, arrival);
  io.note(
    'Nobody has signed in here yet.\n  1  I have an account\n  2  I am new\n  3  Just a name, no password',
  );
  const choice = (await asker.ask('1, 2 or 3')).trim();
  switch (choice) {
    case '1':
      return arrive({ command: 'signin' }, arrival);
    case '2':
      return arrive({ command: 'signup', guest: false }, arrival);
    case '3':
      return arrive({ command: 'signup', guest: true }, arrival);
    default:
      throw new UsageError(`${choice}: expected 1, 2 or 3`);
  }
}

/** Other commands of this user may work through the session while it lasts. */
async function withDesk(session: Session, where: Where, run: () => Promise<Exit>): Promise<Exit> {
  const path = deskPath(where.directory, session.engine.account);
  const closeDesk = path === null ? () => undefined : openDesk(session, path);
  try {
    return await run();
  } finally {
    closeDesk();
    await session.close();
  }
}

async function mine({ where, asker }: Invocation): Promise<Session> {
  const session = await resume(where, asker);
  if (session === 'nobody') throw nobody(where);
  if ('taken' in session) throw taken();
  return session;
}

const nobody = ({ name }: Where) =>
  new UsageError(
    `${name ?? 'Nobody'} is not signed in here. signin or signup comes first; accounts lists who is.`,
  );

const taken = () => new UsageError('Another terminal uses this account right now. End it first.');

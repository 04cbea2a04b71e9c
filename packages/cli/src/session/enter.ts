import type { Engine, SetupStep, Sotto } from '@sotto/client';
import { withBackupFile } from '@sotto/client/node';
import type { Io } from '../io.ts';
import type { Where } from '../options.ts';
import { type ArrivalRequest, UsageError } from '../requests.ts';
import { STEPS } from '../text/words.ts';
import type { Asker } from './ask.ts';
import { showProgress, tellFiles } from './backup.ts';
import { type Home, openHome, residents } from './home.ts';
import { takeLease } from './lease.ts';
import { rememberServer } from './servers.ts';

/** An account that is open in this process. */
export interface Session {
  readonly engine: Engine;
  readonly sotto: Sotto;
  /** Address of its server. */
  readonly server: string;
  close(): Promise<void>;
}

interface Arrival {
  readonly where: Where;
  readonly asker: Asker;
  readonly io: Pick<Io, 'note' | 'progress' | 'ended'>;
}

/** A new account, or this terminal as another device of one. @throws UsageError, ClientError */
export async function arrive(request: ArrivalRequest, { where, asker, io }: Arrival): Promise<Session> {
  const home = await openHome(where, undefined, asker);
  if (request.command === 'restore') return restore(request.path, home, { where, asker, io });
  const { note } = io;
  const name = where.name ?? (await asker.ask('Name')).trim();
  if (!name) throw new UsageError('--name: expected your name');
  const onStep = (step: SetupStep) => note(`making keys: ${STEPS[step]}`);
  switch (request.command) {
    case 'signup': {
      if (request.guest) return settle(await home.sotto.createGuest(name, onStep), home, where);
      const password = await asker.askNewSecret('Password, at least 8 characters');
      return settle(await home.sotto.createAccount(name, password, onStep), home, where);
    }
    case 'signin':
      return settle(await home.sotto.signIn(name, await asker.askSecret('Password'), onStep), home, where);
    case 'reset': {
      note(
        'The account starts over under its name: history and groups do not come back, and others are warned.',
      );
      const code = (await asker.askSecret('Code from the operator')).trim();
      const password = await asker.askNewSecret('New password, at least 8 characters');
      return settle(await home.sotto.reset({ name, code, password }, onStep), home, where);
    }
    case 'recover': {
      const phrase = await asker.askSecret('Recovery phrase, 24 words');
      const password = await asker.askNewSecret('New password, at least 8 characters');
      return settle(await home.sotto.recover({ name, phrase, password }, onStep), home, where);
    }
  }
}

/** An account that this server does not have, from a backup. */
function restore(path: string, home: Home, { where, asker, io }: Arrival): Promise<Session> {
  return withBackupFile(path, async (file) => {
    const phrase = await asker.askSecret('Recovery phrase, 24 words');
    const password = await asker.askNewSecret('New password, at least 8 characters');
    const onStep = (step: SetupStep) => io.note(`bringing the account back: ${STEPS[step]}`);
    const renamed = where.name === null ? {} : { name: where.name };
    const backup = { file, phrase, password, ...renamed };
    const watch = { onStep, onProgress: showProgress(io), signal: io.ended };
    const { engine, conversations, missing, files } = await home.sotto.restoreBackup(backup, watch);
    io.progress('');
    const gone = missing > 0 ? `; ${missing} go on here with another history` : '';
    io.note(`${conversations} conversations are back${gone}.`);
    tellFiles(files, io);
    return settle(engine, home, where);
  });
}

async function settle(engine: Engine, { server, sotto }: Home, { directory }: Where): Promise<Session> {
  rememberServer(directory, engine.account, server);
  const release = takeLease(directory, engine.account);
  return {
    engine,
    sotto,
    server,
    async close() {
      await engine.close();
      release?.();
    },
  };
}

/**
 * The account of this folder that the command line means.
 * @returns 'nobody' where none lives here; 'taken' with the account where another process has it
 */
export async function resume(
  where: Where,
  asker: Asker,
): Promise<Session | { readonly taken: string } | 'nobody'> {
  const [resident] = await residents(where);
  if (!resident) return 'nobody';
  const { account } = resident.profile;
  const release = takeLease(where.directory, account);
  if (!release) return { taken: account };
  try {
    const { sotto, server } = await openHome(where, resident, asker);
    const engine = await sotto.resume(account);
    if (resident.server !== server) rememberServer(where.directory, account, server);
    return {
      engine,
      sotto,
      server,
      async close() {
        await engine.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

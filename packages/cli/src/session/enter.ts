import type { Engine, SetupStep, Sotto } from '@sotto/client';
import { type ArrivalRequest, UsageError, type Where } from '../options.ts';
import { STEPS } from '../text/words.ts';
import type { Asker } from './ask.ts';
import { type Home, openHome, residents } from './home.ts';
import { takeLease } from './lease.ts';
import { rememberServer } from './servers.ts';

/** An account that is open in this process. */
export interface Session {
  readonly engine: Engine;
  readonly sotto: Sotto;
  close(): Promise<void>;
}

interface Arrival {
  readonly where: Where;
  readonly asker: Asker;
  readonly note: (line: string) => void;
}

/** A new account, or this terminal as another device of one. @throws UsageError, ClientError */
export async function arrive(request: ArrivalRequest, { where, asker, note }: Arrival): Promise<Session> {
  const home = await openHome(where, undefined, asker);
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
    case 'recover': {
      const phrase = await asker.askSecret('Recovery phrase, 24 words');
      const password = await asker.askNewSecret('New password, at least 8 characters');
      return settle(await home.sotto.recover({ name, phrase, password }, onStep), home, where);
    }
  }
}

async function settle(engine: Engine, { server, sotto }: Home, { directory }: Where): Promise<Session> {
  rememberServer(directory, engine.account, server);
  const release = takeLease(directory, engine.account);
  return {
    engine,
    sotto,
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

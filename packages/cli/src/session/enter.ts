import type { Engine, SetupStep, Sotto } from '@sotto/client';
import { UsageError } from '../commands/usage-error.ts';
import type { Io } from '../io.ts';
import type { Where } from '../where.ts';
import type { Asks } from './ask.ts';
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

export interface Arrival {
  readonly where: Where;
  readonly asker: Asks;
  readonly io: Pick<Io, 'texts' | 'note' | 'progress' | 'ended'>;
}

interface Newcomer {
  readonly sotto: Sotto;
  readonly name: string;
  readonly onStep: (step: SetupStep) => void;
}

/** A new account, or this terminal as another device of one. @throws UsageError, ClientError */
export async function arrive(
  { where, asker, io }: Arrival,
  come: (newcomer: Newcomer) => Promise<Engine>,
): Promise<Session> {
  const home = await openHome(where, undefined, asker);
  const name = where.name ?? (await asker.ask(asker.texts.ask.name)).trim();
  if (!name) throw new UsageError((t) => t.wrong.name);
  const { making, steps } = asker.texts.accounts;
  const onStep = (step: SetupStep) => io.note(making({ step: steps[step] }));
  const engine = await come({ sotto: home.sotto, name, onStep });
  rememberServer(where.directory, engine.id, home.server);
  return sessionOf(engine, home, takeLease(where.directory, engine.id));
}

function sessionOf(engine: Engine, home: Home, release: (() => void) | null): Session {
  return {
    engine,
    ...home,
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
  asker: Asks,
): Promise<Session | { readonly taken: string } | 'nobody'> {
  const [resident] = await residents(where);
  if (!resident) return 'nobody';
  const { account } = resident.profile;
  const release = takeLease(where.directory, account);
  if (!release) return { taken: account };
  try {
    const home = await openHome(where, resident, asker);
    const engine = await home.sotto.resume(account);
    if (resident.server !== home.server) rememberServer(where.directory, account, home.server);
    return sessionOf(engine, home, release);
  } catch (error) {
    release();
    throw error;
  }
}

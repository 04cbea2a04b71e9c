import type { Profile, Sotto } from '@sotto/client';
import { createNodeSotto, keyProtection } from '@sotto/client/node';
import { UsageError } from '../commands/usage-error.ts';
import type { Where } from '../where.ts';
import type { Asks } from './ask.ts';
import { readServers } from './servers.ts';
import { namedIn, sweepTraces } from './traces.ts';

/** An account that lives in the folder. */
export interface Resident {
  readonly profile: Profile;
  readonly server: string | null;
}

/** The folder where accounts rest, opened for one server. */
export interface Home {
  readonly sotto: Sotto;
  readonly server: string;
}

/** Nothing is dialled to list what rests here; an address is needed all the same. */
const NOWHERE = 'http://localhost:0';

/** Accounts of the folder, last used first, narrowed by what the command line says. */
export async function residents({ directory, server, name }: Omit<Where, 'json'>): Promise<Resident[]> {
  const named = namedIn(directory);
  const servers = readServers(directory);
  const profiles = await createNodeSotto({ server: NOWHERE, directory }).profiles();
  // What is named was read first: an account that comes at this moment has its profile before any of it.
  for (const { account } of profiles) named.delete(account);
  sweepTraces(directory, named);
  return profiles
    .map((profile) => ({ profile, server: servers[profile.account] ?? null }))
    .filter((resident) => server === null || resident.server === null || resident.server === server)
    .filter(({ profile }) => name === null || profile.name.toLowerCase() === name.toLowerCase());
}

/** @throws UsageError where no address is known; ClientError 'bad_passphrase' comes later, at the first key */
export async function openHome(where: Where, resident: Resident | undefined, asker: Asks): Promise<Home> {
  const server = where.server ?? resident?.server;
  if (!server) throw new UsageError((t) => t.wrong.server);
  const { directory } = where;
  const passphrase = await passphraseOf(directory, asker);
  return { server, sotto: createNodeSotto({ server, directory, ...(passphrase ? { passphrase } : {}) }) };
}

/** What opens the keys here, where they are locked: `SOTTO_PASSPHRASE`, else the person says it. */
export async function passphraseOf(directory: string, asker: Asks): Promise<string | undefined> {
  const given = process.env.SOTTO_PASSPHRASE;
  if (given || keyProtection(directory) !== 'passphrase') return given;
  return asker.askSecret(asker.texts.ask.passphrase);
}

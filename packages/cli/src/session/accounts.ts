import { open, rm } from 'node:fs/promises';
import { ClientError } from '@sotto/client';
import { changePassphrase, keyProtection } from '@sotto/client/node';
import { EXIT, type Exit } from '../commands/task.ts';
import { catchUp } from '../commands/wait.ts';
import type { Io } from '../io.ts';
import type { Where } from '../options.ts';
import { type AccountRequest, UsageError } from '../requests.ts';
import { harmlessLine } from '../text/words.ts';
import type { Asker } from './ask.ts';
import type { Session } from './enter.ts';
import { passphraseOf, residents } from './home.ts';
import { rememberServer } from './servers.ts';

interface Place {
  readonly where: Where;
  readonly asker: Asker;
  readonly io: Io;
}

/** Accounts on this machine, last used first. */
export async function listAccounts({ where, io }: Place): Promise<Exit> {
  for (const { profile, server } of await residents(where)) {
    const { account, name, kind, lastUsed } = profile;
    const used = new Date(lastUsed).toISOString();
    io.out(
      where.json
        ? JSON.stringify({ account, name, kind, server, lastUsed: used })
        : `${harmlessLine(name)} (${kind === 'guest' ? 'just a name' : 'with a password'}) at ${server ?? 'an unknown server'}`,
    );
  }
  return EXIT.done;
}

/** Sets, changes or takes away what guards the keys of the folder. */
export async function setPassphrase({ where, asker, io }: Place): Promise<Exit> {
  const { directory } = where;
  if (keyProtection(directory) === 'new') throw new UsageError('No account rests here yet.');
  const from = await passphraseOf(directory, asker);
  const to = await asker.askNewSecret('New passphrase (empty: none)');
  await changePassphrase(directory, { from, to: to || null });
  io.note(
    to
      ? 'The keys here open with the passphrase only.'
      : 'The keys here open for whoever can read the folder.',
  );
  return EXIT.done;
}

/** What changes the open account itself. */
export async function changeAccount(
  command: Extract<AccountRequest['command'], 'password' | 'unlock' | 'phrase' | 'takeback'>,
  { engine }: Session,
  { where, asker, io }: Place,
): Promise<Exit> {
  await catchUp(engine, io);
  switch (command) {
    case 'password':
      await engine.setPassword(await asker.askNewSecret('New password, at least 8 characters'));
      io.note('The password is set. Sign in with it on other devices.');
      return EXIT.done;
    case 'takeback':
      io.note(
        'Every other device is signed out, and the recovery phrase counts no more. Make a new one afterwards.',
      );
      await engine.takeBack(await asker.askNewSecret('New password, at least 8 characters'));
      io.note('Only this device is left. Every conversation has new keys.');
      return EXIT.done;
    case 'unlock':
      await engine.unlockVault(await asker.askSecret('Password'));
      return EXIT.done;
    case 'phrase': {
      const phrase = await engine.createRecoveryPhrase(await asker.askSecret('Password'));
      io.note('Write these words down. They are not shown again, and they take the place of any before.');
      io.out(where.json ? JSON.stringify({ phrase }) : phrase);
      return EXIT.done;
    }
  }
}

/** Writes everything that can be read here into one file of readable files. */
export async function writeOut(
  { path }: Extract<AccountRequest, { command: 'export' }>,
  { engine }: Session,
  { where, io }: Place,
): Promise<Exit> {
  await catchUp(engine, io);
  // Asked for before the work: nothing is written over.
  const file = await open(path, 'wx', 0o600).catch((cause: Error) => {
    throw new ClientError('usage', { message: `${path} cannot be made: ${cause.message}`, cause });
  });
  const tell = (done: number, total: number) => io.progress(`${done} of ${total}`);
  try {
    const bytes = await engine.exportData(tell);
    await file.writeFile(bytes);
    await file.sync();
    io.progress('');
    io.out(where.json ? JSON.stringify({ path, size: bytes.length }) : harmlessLine(path));
    return EXIT.done;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Takes this device off the account and erases what rests here. */
export async function signOut({ engine, sotto }: Session, { where, asker, io }: Place): Promise<Exit> {
  const { account } = engine;
  const { self } = engine.state;
  await catchUp(engine, io);
  if (self.kind === 'guest') {
    io.note('This account is just a name: once signed out, nobody can sign in to it again.');
    const answer = await asker.ask(`Type ${harmlessLine(self.name)} to go on`);
    if (answer.trim() !== self.name) throw new UsageError('Nothing was done.');
  }
  await sotto.forget(account);
  rememberServer(where.directory, account, null);
  return EXIT.done;
}

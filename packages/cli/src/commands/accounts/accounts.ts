import { changePassphrase, keyProtection } from '@sotto/client/node';
import { passphraseOf, residents } from '../../session/home.ts';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { iso } from '../../text/time.ts';
import { machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** Last used first. */
export const accounts = machineCommand({
  usage: 'accounts',
  help: 'who is signed in on this machine',
  async run({ where, io }) {
    for (const { profile, server } of await residents(where)) {
      const { account, name, kind, lastUsed } = profile;
      io.out(
        where.json
          ? jsonLine({ account, name, kind, server, lastUsed: iso(lastUsed) })
          : `${harmlessLine(name)} (${kind === 'guest' ? 'just a name' : 'with a password'}) at ${server ?? 'an unknown server'}`,
      );
    }
  },
});

export const passphrase = machineCommand({
  usage: 'passphrase',
  help: 'sets, changes or takes away (empty) the passphrase that guards the keys on this machine',
  async run({ where: { directory }, asker, io }) {
    if (keyProtection(directory) === 'new') throw new UsageError('No account rests here yet.');
    const from = await passphraseOf(directory, asker);
    const to = await asker.askNewSecret('New passphrase (empty: none)');
    await changePassphrase(directory, { from, to: to || null });
    const opens = to ? 'with the passphrase only' : 'for whoever can read the folder';
    io.note(`The keys here open ${opens}.`);
  },
});

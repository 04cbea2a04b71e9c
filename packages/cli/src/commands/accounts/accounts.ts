import { changePassphrase, keyProtection } from '@sotto/client/node';
import { passphraseOf, residents } from '../../session/home.ts';
import { harmlessLine, jsonLine } from '../../text/harmless.ts';
import { iso } from '../../text/time.ts';
import { machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** Last used first. */
export const accounts = machineCommand({
  usage: 'accounts',
  async run({ where, io }) {
    const { accounts: t } = io.texts;
    for (const { profile, server } of await residents(where)) {
      const { account, name, kind, lastUsed } = profile;
      io.out(
        where.json
          ? jsonLine({ account, name, kind, server, lastUsed: iso(lastUsed) })
          : t.line({
              name: harmlessLine(name),
              kind: kind === 'guest' ? kind : 'other',
              server: server ?? t.unknownServer,
            }),
      );
    }
  },
});

export const passphrase = machineCommand({
  usage: 'passphrase',
  async run({ where: { directory }, asker, io }) {
    if (keyProtection(directory) === 'new') throw new UsageError((t) => t.wrong.noAccount);
    const from = await passphraseOf(directory, asker);
    const to = await asker.askNewSecret(io.texts.ask.newPassphrase);
    await changePassphrase(directory, { from, to: to || null });
    io.note(io.texts.accounts[to ? 'openWithPassphrase' : 'openForReaders']);
  },
});

import { eraseTraces } from '../../session/traces.ts';
import { harmlessLine } from '../../text/harmless.ts';
import { machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { catchUp } from '../wait.ts';

export const signout = machineCommand({
  usage: 'signout',
  help: 'takes this device off the account and erases what rests here',
  run: ({ where, asker, io, withAccount }) =>
    withAccount(async ({ engine, sotto }) => {
      const { account } = engine;
      const { self } = engine.state;
      await catchUp(engine, io);
      if (self.kind === 'guest') {
        io.note('This account is just a name: once signed out, nobody can sign in to it again.');
        const answer = await asker.ask(`Type ${harmlessLine(self.name)} to go on`);
        if (answer.trim() !== self.name) throw new UsageError('Nothing was done.');
      }
      await sotto.forget(account);
      eraseTraces(where.directory, account);
    }),
});

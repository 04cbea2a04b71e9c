import { eraseTraces } from '../../session/traces.ts';
import { harmlessLine } from '../../text/harmless.ts';
import { machineCommand } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { catchUp } from '../wait.ts';

export const signout = machineCommand({
  usage: 'signout',
  run: ({ where, asker, io, withAccount }) =>
    withAccount(async ({ engine, sotto }) => {
      const { id: account } = engine;
      const { self } = engine.state;
      await catchUp(engine, io);
      if (self.kind === 'guest') {
        io.note(io.texts.accounts.lastOfGuest);
        const answer = await asker.ask(io.texts.ask.typeName({ name: harmlessLine(self.name) }));
        if (answer.trim() !== self.name) throw new UsageError((t) => t.wrong.nothingDone);
      }
      await sotto.forget(account);
      eraseTraces(where.directory, account);
    }),
});

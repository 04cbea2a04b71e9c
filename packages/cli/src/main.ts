import { inspect } from 'node:util';
import { EXIT } from './commands/exit.ts';
import { dispatch } from './dispatch.ts';
import { HELP } from './grammar/help.ts';
import { processIo } from './io.ts';
import { parseOptions } from './options.ts';
import { Asker } from './session/ask.ts';
import { problemOf } from './session/problems.ts';

process.umask(0o077); // what is written here is for its owner alone
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
// The reader of a pipe went away: nothing more can be said.
process.stdout.on('error', () => ended.abort());

const io = processIo(ended.signal);
// A fault of this program may quote what others sent: Node would print it as it is (attack 31).
process.on('uncaughtException', (fault) => {
  io.note(inspect(fault));
  process.exit(EXIT.failed);
});
const args = process.argv.slice(2);
const parsed = parseOptions(args, process.env);
switch (parsed.type) {
  case 'help':
    io.out(HELP);
    break;
  case 'wrong':
    io.note(`${parsed.reason}\n\n${HELP}`);
    process.exitCode = 2;
    break;
  case 'run': {
    const { request, where } = parsed;
    const asker = new Asker();
    const screen = Boolean(process.stdin.isTTY && process.stdout.isTTY);
    try {
      process.exitCode = await dispatch(request, { where, args, asker, io, screen });
    } catch (error) {
      const { message, code } = problemOf(error);
      io.note(message);
      process.exitCode = code;
    } finally {
      asker.close();
    }
  }
}

import { inspect } from 'node:util';
import { speak } from '@sotto/words';
import { EXIT } from './commands/exit.ts';
import { dispatch } from './dispatch.ts';
import { commandLineHelp } from './grammar/help.ts';
import { processIo } from './io.ts';
import { parseOptions } from './options.ts';
import { Asker } from './session/ask.ts';
import { problemOf } from './session/problems.ts';
import { en } from './texts/en/index.ts';

process.umask(0o077); // what is written here is for its owner alone
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());
// The reader of a pipe went away: nothing more can be said.
process.stdout.on('error', () => ended.abort());

const texts = speak(en, 'en');
const io = processIo(texts, ended.signal);
// A fault of this program may quote what others sent: Node would print it as it is (attack 31).
process.on('uncaughtException', (fault) => {
  io.note(inspect(fault));
  process.exit(EXIT.failed);
});
const args = process.argv.slice(2);
const parsed = parseOptions(args, process.env);
switch (parsed.type) {
  case 'help':
    io.out(commandLineHelp(texts));
    break;
  case 'wrong':
    io.note(`${parsed.say(texts)}\n\n${commandLineHelp(texts)}`);
    process.exitCode = 2;
    break;
  case 'run': {
    const { request, where } = parsed;
    const asker = new Asker(texts);
    const screen = Boolean(process.stdin.isTTY && process.stdout.isTTY);
    try {
      process.exitCode = await dispatch(request, { where, args, asker, io, screen });
    } catch (error) {
      const { message, code } = problemOf(texts, error);
      io.note(message);
      process.exitCode = code;
    } finally {
      asker.close();
    }
  }
}

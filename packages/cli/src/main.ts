import { createInterface } from 'node:readline';
import { ClientError, type Engine } from '@sotto/client';
import { createNodeSotto } from '@sotto/client/node';
import { Chat } from './chat.ts';
import { HELP, type Options, parseOptions } from './options.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** The account of that name that lives here, else a new guest. */
async function enter({ server, name, directory }: Options): Promise<Engine> {
  const sotto = createNodeSotto({ server, directory });
  const known = (await sotto.profiles()).find((profile) => profile.name.toLowerCase() === name.toLowerCase());
  return known
    ? sotto.resume(known.account)
    : sotto.createGuest(name, (step) => print(`making keys: ${step}`));
}

/** What the engine refuses is told and survived; anything else is a fault and ends the program. */
function tell(error: unknown): void {
  if (!(error instanceof ClientError)) throw error;
  print(`${error.message}${error.rule ? ` (rule ${error.rule})` : ''}`);
}

async function run(options: Options): Promise<void> {
  const engine = await enter(options);
  let status = '';
  engine.subscribe(() => {
    const { connection } = engine.state;
    if (connection.status === status) return;
    status = connection.status;
    print('reason' in connection ? `${status}: ${connection.reason}` : status);
  });
  print(`You are ${engine.state.self.name}. /help lists what you can do.`);
  const chat = new Chat(engine, print);
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    const goesOn = await chat.take(line).catch((error: unknown) => {
      tell(error);
      return true;
    });
    if (!goesOn) break;
  }
  lines.close();
  await engine.close();
}

const parsed = parseOptions(process.argv.slice(2));
switch (parsed.type) {
  case 'help':
    print(HELP);
    break;
  case 'wrong':
    process.stderr.write(`${parsed.reason}\n\n${HELP}`);
    process.exitCode = 2;
    break;
  case 'run':
    await run(parsed.options).catch((error: unknown) => {
      tell(error);
      process.exitCode = 1;
    });
}

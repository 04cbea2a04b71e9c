import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export const HELP = `Sotto in the terminal

  npm run cli -- --server URL --name NAME [--dir FOLDER]

  --server  address of the server, for example http://localhost:8080
  --name    your name; the first use makes a guest account, later uses open it again
  --dir     where keys and messages rest; default: ~/.sotto

Once inside:
  /people     who is here
  /rooms      your conversations
  /open NAME  opens the conversation with a person, or a group by its name
  /quit       ends
  other lines are sent to the open conversation
`;

export interface Options {
  readonly server: string;
  readonly name: string;
  readonly directory: string;
}

export type Parsed =
  | { readonly type: 'run'; readonly options: Options }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly reason: string };

/** What the command line asks for. */
export function parseOptions(args: readonly string[], home = homedir()): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        server: { type: 'string' },
        name: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { type: 'help' };
    if (!values.server || !URL.canParse(values.server)) {
      return { type: 'wrong', reason: '--server: expected an address such as http://localhost:8080' };
    }
    if (!values.name?.trim()) return { type: 'wrong', reason: '--name: expected your name' };
    const directory = values.dir ?? join(home, '.sotto');
    return {
      type: 'run',
      options: { server: new URL(values.server).origin, name: values.name.trim(), directory },
    };
  } catch (error) {
    if (error instanceof TypeError) return { type: 'wrong', reason: error.message };
    throw error;
  }
}

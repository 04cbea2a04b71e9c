import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Request } from './commands/command.ts';
import { UsageError } from './commands/usage-error.ts';
import { readRequest, split } from './grammar/request.ts';
import type { Say } from './texts/texts.ts';
import type { Where } from './where.ts';

export type Parsed =
  | { readonly type: 'run'; readonly request: Request; readonly where: Where }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly say: Say };

const GENERAL = {
  server: { type: 'string' },
  name: { type: 'string' },
  dir: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line asks for. */
export function parseOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  at: { readonly home?: string; readonly folder?: string } = {},
): Parsed {
  const { home = homedir(), folder = process.cwd() } = at;
  try {
    const { values, words } = split(args, GENERAL);
    if (values.help || words[0] === 'help') return { type: 'help' };
    const request = readRequest(words, values, { inside: false, folder });
    const where = {
      server: readServer(values.server ?? env.SOTTO_SERVER),
      name: readName(values.name),
      directory: values.dir ?? env.SOTTO_DIR ?? join(home, '.sotto'),
      json: values.json ?? false,
    };
    return { type: 'run', request, where };
  } catch (error) {
    if (error instanceof UsageError) return { type: 'wrong', say: error.say };
    throw error;
  }
}

function readServer(text: string | undefined): string | null {
  if (!text) return null;
  if (!URL.canParse(text)) throw new UsageError((t) => t.wrong.server);
  return new URL(text).origin;
}

function readName(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!text.trim()) throw new UsageError((t) => t.wrong.name);
  return text.trim();
}

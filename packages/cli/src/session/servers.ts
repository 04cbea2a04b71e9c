import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which server each account of a folder belongs to: an account's name alone does not tell. */
export type Servers = Readonly<Record<string, string>>;

const pathOf = (directory: string) => join(directory, 'servers.json');

export function readServers(directory: string): Servers {
  let text: string;
  try {
    text = readFileSync(pathOf(directory), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const value: unknown = JSON.parse(text);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter(([, server]) => typeof server === 'string' && URL.canParse(server)),
  );
}

/** @param server null forgets the account */
export function rememberServer(directory: string, account: string, server: string | null): void {
  const { [account]: _, ...others } = readServers(directory);
  const servers = server === null ? others : { ...others, [account]: server };
  const draft = `${pathOf(directory)}.draft`;
  writeFileSync(draft, `${JSON.stringify(servers, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, pathOf(directory));
}

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeLease } from './lease.ts';
import { readServers, rememberServer } from './servers.ts';

/** What a session keeps beside the store of its account: the lease, the socket. */
const TRACE = /^([\w-]{22})\.(?:lease(?:-journal)?|desk)$/;

/** Accounts that something beside their store is named after. */
export function namedIn(directory: string): Set<string> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files = readdirSync(directory).flatMap((name) => TRACE.exec(name)?.[1] ?? []);
  return new Set([...files, ...Object.keys(readServers(directory))]);
}

/** Erases what still carries the name of an account that leaves. */
export function eraseTraces(directory: string, account: string): void {
  rememberServer(directory, account, null);
  for (const name of readdirSync(directory))
    if (TRACE.exec(name)?.[1] === account) rmSync(join(directory, name), { force: true });
}

/** The same for accounts whose leaving was interrupted; not while another process is at it. */
export function sweepTraces(directory: string, accounts: Iterable<string>): void {
  for (const account of accounts) {
    const release = takeLease(directory, account);
    if (release) eraseTraces(directory, account);
    release?.();
  }
}

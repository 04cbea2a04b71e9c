import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, expect, test } from 'vitest';
import { deskPath } from '../src/session/desk.ts';
import { residents } from '../src/session/home.ts';
import { takeLease } from '../src/session/lease.ts';
import { readServers, rememberServer } from '../src/session/servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-lease-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('[M2] one process at a time has an account', () => {
  const release = takeLease(folder, 'ada');
  expect(release).not.toBeNull();
  expect(takeLease(folder, 'ada')).toBeNull();
  takeLease(folder, 'bob')?.();
  release?.();
  const again = takeLease(folder, 'ada');
  expect(again).not.toBeNull();
  again?.();
});

test('[attack 33] a process that is killed gives the account back', async () => {
  const script = `import { takeLease } from ${JSON.stringify(join(import.meta.dirname, '../src/session/lease.ts'))};
    if (takeLease(process.argv[1], 'cy')) { process.stdout.write('taken'); setInterval(() => undefined, 1000); }`;
  const other = spawn(execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(other.stdout, 'data');
  expect(takeLease(folder, 'cy')).toBeNull();
  other.kill('SIGKILL');
  await once(other, 'exit');
  const release = takeLease(folder, 'cy');
  expect(release).not.toBeNull();
  release?.();
});

test('a path too long for a socket has no desk', () => {
  expect(deskPath('/home/ada/.sotto', 'a'.repeat(22))).toBe(`/home/ada/.sotto/${'a'.repeat(22)}.desk`);
  expect(deskPath(`/${'x'.repeat(120)}`, 'a')).toBeNull();
});

test('the server of each account is remembered, and forgotten with it', () => {
  expect(readServers(folder)).toEqual({});
  rememberServer(folder, 'ada', 'https://one.example');
  rememberServer(folder, 'bob', 'https://two.example');
  rememberServer(folder, 'ada', null);
  expect(readServers(folder)).toEqual({ bob: 'https://two.example' });
});

test('[attack 34] what an interrupted sign-out left is swept at the next start; not while another process has it', async () => {
  const directory = join(folder, 'left');
  const [gone, busy] = ['g'.repeat(22), 'b'.repeat(22)];
  expect(await residents({ directory, server: null, name: null })).toEqual([]);
  for (const account of [gone, busy]) {
    takeLease(directory, account)?.();
    writeFileSync(join(directory, `${account}.desk`), '');
    rememberServer(directory, account, 'https://one.example');
  }
  // Begun and to be taken up again: the store is no trace.
  writeFileSync(join(directory, `${gone}.account.sqlite`), '');
  const release = takeLease(directory, busy);
  await residents({ directory, server: null, name: null });
  const names = () => readdirSync(directory).filter((name) => /^[gb].*(?<!journal)$/.test(name));
  expect(names()).toEqual([`${busy}.desk`, `${busy}.lease`, `${gone}.account.sqlite`]);
  expect(Object.keys(readServers(directory))).toEqual([busy]);
  release?.();
  await residents({ directory, server: null, name: null });
  expect(readdirSync(directory).filter((name) => /^[gb]/.test(name))).toEqual([`${gone}.account.sqlite`]);
});

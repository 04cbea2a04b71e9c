import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { runCli } from '../support/terminal.ts';

const PASSWORD = 'correct horse battery';

let folder: string;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-back-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
  await rm(folder, { recursive: true, force: true });
});

async function startServer(): Promise<ServerProcess> {
  const server = await startServerProcess();
  servers.push(server);
  return server;
}

const at = (...names: string[]) => join(folder, ...names);

/** Runs a command at a place to its good end. */
async function run(server: ServerProcess, place: string, args: string[], input = '') {
  const done = await runCli([...args, '--server', server.origin, '--dir', at(place)], input);
  expect(done.code, `${args.join(' ')}: ${done.err()}`).toBe(0);
  return done;
}

test('[attack 34] an account is taken back: the other terminal is signed out, the new password counts', async () => {
  const server = await startServer();
  await run(server, 'desk', ['signup', '--name', 'Paula'], `${PASSWORD}\n`);
  await run(server, 'stolen', ['signin', '--name', 'Paula'], `${PASSWORD}\n`);
  await run(server, 'desk', ['takeback'], 'another long one\n');
  const thief = await runCli(['rooms', '--server', server.origin, '--dir', at('stolen')]);
  expect(thief.code).not.toBe(0);
  const old = ['signin', '--name', 'Paula', '--server', server.origin, '--dir', at('again')];
  expect((await runCli(old, `${PASSWORD}\n`)).code).toBe(1);
  await run(server, 'again', ['signin', '--name', 'Paula'], 'another long one\n');
});

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { letBack } from '../support/operate.ts';
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

test('[K5] a backup, written and brought back to an empty server by commands, has the conversations in it', async () => {
  const old = await startServer();
  await run(old, 'desk', ['signup', '--name', 'Paula'], `${PASSWORD}\n`);
  await run(old, 'bob', ['signup', '--guest', '--name', 'Bob']);
  await run(old, 'desk', ['send', 'Bob', 'remember this']);
  await writeFile(at('plan.bin'), randomBytes(3_000_000));
  await run(old, 'desk', ['send', 'Bob', '--file', at('plan.bin')]);
  const words = (await run(old, 'desk', ['phrase'], `${PASSWORD}\n`)).out().trim();
  const backup = await run(old, 'desk', ['backup', at('paula.sotto'), '--json']);
  expect(backup.json()).toMatchObject([{ conversations: 1, files: 1, leftOut: [] }]);
  expect(backup.err()).toContain('With 1 file, 3.0 MB');
  const { mode } = await stat(at('paula.sotto'));
  expect(mode & 0o077).toBe(0);
  expect((await readFile(at('paula.sotto'))).includes('remember this')).toBe(false);
  const again = await runCli(['backup', at('paula.sotto'), '--server', old.origin, '--dir', at('desk')]);
  expect([again.code, again.err()]).toEqual([1, expect.stringContaining('cannot be made')]);

  const fresh = await startServer();
  const barred = await runCli(['restore', at('paula.sotto'), '--server', fresh.origin, '--dir', at('new')]);
  expect([barred.code, barred.err()]).toEqual([1, expect.stringContaining('npm run restore-window')]);
  expect(letBack(fresh.data)).toContain('people may come back');
  const restored = await run(fresh, 'new', ['restore', at('paula.sotto')], `${words}\nanother long one\n`);
  expect(restored.err()).toContain('conversations are back');
  expect(restored.err()).toContain('Files that are here: 1 of 1');
  const rooms = await run(fresh, 'new', ['rooms', '--json']);
  const [room] = rooms.json() as { room: string }[];
  const read = await run(fresh, 'new', ['read', room?.room ?? '', '--peek']);
  expect(read.out()).toContain('remember this');
  const [sent] = (await run(fresh, 'new', ['files', room?.room ?? '', '--json'])).json() as {
    position: number;
  }[];
  await mkdir(at('saved'));
  await run(fresh, 'new', ['save', room?.room ?? '', String(sent?.position), '--to', at('saved')]);
  expect(await readFile(at('saved', 'plan.bin'))).toEqual(await readFile(at('plan.bin')));
  const once = await run(fresh, 'new', ['restore-files', at('paula.sotto'), '--json']);
  expect(once.json()).toEqual([{ total: 1, here: 1, leftOut: [] }]);
});

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

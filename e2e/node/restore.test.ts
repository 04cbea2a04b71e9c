import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alarm, converse, texts, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { operate } from '../support/operate.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

let server: ServerProcess;
let members: Members;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-backup-'));
  server = await startServerProcess();
  members = await gatherMembers(() => server.origin);
});

afterEach(async () => {
  await members.end();
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

test('[attack 8] after a restore, who has seen more raises the alarm and keeps what it has; others go on', async () => {
  const [alice, bob, carol, dora] = await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dora'].map((name) => members.join(name)),
  );
  if (!alice || !bob || !carol || !dora) throw new Error('four joined');
  const moving = await converse(alice, bob);
  const quiet = await converse(carol, dora);
  const backup = join(folder, 'backup.sqlite');
  // Taken under load: people go on talking while it runs.
  const talking = (async () => {
    for (let i = 0; i < 20; i++) await alice.messages.send(moving, { body: `meanwhile ${i}` });
  })();
  expect(operate(server.data, 'backup', backup)).toContain('every hash chain whole');
  await talking;
  await alice.messages.send(moving, { body: 'after the backup' });
  await until(() => texts(bob, moving).includes('after the backup'), 'Bob has seen more');

  await server.stop();
  expect(operate(server.data, 'restore', backup)).toContain('rollback alarm');
  await server.restart();
  for (const engine of [alice, bob, carol, dora]) engine.reconnect();

  await until(() => alarm(bob, moving) !== undefined, 'Bob finds that the server went back', 30_000);
  expect(alarm(bob, moving)).toMatchObject({ kind: 'rollback' });
  expect(texts(bob, moving)).toContain('after the backup'); // what a device holds, it keeps
  await carol.messages.send(quiet, { body: 'we noticed nothing' });
  await until(
    () => texts(dora, quiet).includes('we noticed nothing'),
    'a room that stood still goes on',
    30_000,
  );
  expect(alarm(dora, quiet)).toBeUndefined();
});

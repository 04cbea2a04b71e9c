import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { converse, gather, texts, until } from '../attacks/support/story.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const PRELOAD = resolve(import.meta.dirname, '../support/shifted-clock.ts');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let folder: string;
let server: ServerProcess;
let members: Members;

/** Sets the server's wall clock, this much off the real one. */
const setClock = (shift: number) => writeFileSync(join(folder, 'shift'), String(shift));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-clock-'));
  setClock(0);
  const env = { NODE_OPTIONS: `--import ${PRELOAD}`, SOTTO_CLOCK_SHIFT: join(folder, 'shift') };
  server = await startServerProcess({ env });
  members = await gatherMembers(() => server.origin);
});

afterEach(async () => {
  await members.end();
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

async function says(from: Engine, to: Engine, room: RoomId, body: string): Promise<void> {
  await from.messages.send(room, { body });
  await until(() => texts(to, room).includes(body), `${body} arrives`, 30_000);
}

/** Times as the log has them, in the order of its positions. */
function timesOf(room: RoomId): number[] {
  const db = new DatabaseSync(join(server.data, 'sotto.sqlite'), { readOnly: true });
  try {
    const rows = db.prepare('SELECT time FROM log WHERE room = ? ORDER BY position').all(room);
    return rows.map(({ time }) => Number(time));
  } finally {
    db.close();
  }
}

function expectForward(times: readonly number[]): void {
  for (const [index, time] of times.entries())
    expect(time, `entry ${index + 1}`).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
}

test('[D1] [D5] the wall clock jumps under load: no time goes backwards, nobody is locked out', async () => {
  const [alice, bob] = await Promise.all(['Alice', 'Bob'].map((name) => members.join(name)));
  if (!alice || !bob) throw new Error('two joined');
  const room = await gather(alice, [bob]);
  const begun = Date.now();
  for (const [index, shift] of [0, HOUR, -2 * HOUR, 3 * DAY, -30 * DAY, 0].entries()) {
    setClock(shift);
    await says(alice, bob, room, `after jump ${index}`);
    await says(bob, alice, room, `answer ${index}`);
    // Signed requests, proofs of connection, fresh exchange keys: all judged by that clock.
    const guest = await members.join(`Guest ${index}`);
    alice.reconnect();
    const direct = await converse(guest, alice);
    await says(alice, guest, direct, `welcome ${index}`);
  }
  const times = timesOf(room);
  expectForward(times);
  expect(times.at(-1)).toBeGreaterThan(begun + 3 * DAY - HOUR);

  // Set back while it is down: it starts in the past of its own log.
  setClock(-2 * HOUR);
  await server.restart();
  for (const engine of [alice, bob]) engine.reconnect();
  await says(bob, alice, room, 'after a restart in the past');
  await alice.rooms.rename(room, { name: 'Later' });
  await says(alice, bob, room, 'under a new epoch');
  const after = timesOf(room);
  expect(after.length).toBeGreaterThan(times.length);
  expectForward(after);
});

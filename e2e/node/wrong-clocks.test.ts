import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Engine } from '@sotto/client';
import { EpochHeaderCodec, LIMITS, type RoomId, splitSigned } from '@sotto/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { gather, noticed, refusedRules, texts, until } from '../attacks/support/story.ts';
import { keysShown } from '../support/exchange-keys.ts';
import { gatherMembers, type Members } from '../support/members.ts';
import { quickSotto } from '../support/quick-sotto.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { joins } from '../support/trust.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

let server: ServerProcess;
let right: Members;
let wrong: Members;
/** How far the clocks of some are off, in milliseconds. */
let off: number;

beforeEach(async () => {
  server = await startServerProcess({});
  right = await gatherMembers(() => server.origin);
  const system = systemClock();
  const clock = { ...system, now: () => system.now() + off };
  wrong = await gatherMembers(
    () => server.origin,
    (home) => quickSotto({ ...home, clock }),
  );
});

afterEach(async () => {
  await right.end();
  await wrong.end();
  await server.end();
});

async function says(from: Engine, room: RoomId, body: string, ...to: readonly Engine[]): Promise<void> {
  await from.messages.send(room, { body });
  for (const each of to) await until(() => texts(each, room).includes(body), `${body} arrives`, 30_000);
}

/** How far each header of the room is dated from its entry. */
function datesOf(room: RoomId): number[] {
  const db = new DatabaseSync(join(server.data, 'sotto.sqlite'), { readOnly: true });
  try {
    const sql = "SELECT time, body FROM log WHERE room = ? AND kind = 'epoch' ORDER BY position";
    const rows = db.prepare(sql).all(room) as unknown as { time: number; body: Uint8Array<ArrayBuffer> }[];
    return rows.map(({ time, body }) => EpochHeaderCodec.decode(splitSigned(body).payload).at - time);
  } finally {
    db.close();
  }
}

function expectWell(room: RoomId, epochs: number, ...engines: readonly Engine[]): void {
  const dates = datesOf(room);
  expect(dates).toHaveLength(epochs);
  for (const date of dates) expect(Math.abs(date)).toBeLessThan(30_000);
  for (const engine of engines) {
    expect([...noticed(engine), ...refusedRules(engine, room)]).toEqual([]);
    expect(engine.state.rooms.get(room)?.epoch).toBe(epochs);
  }
}

describe('[R1] [R7] [K2] a device whose clock is off', () => {
  test.for([
    ['three hours ahead', 3 * HOUR],
    ['three hours behind', -3 * HOUR],
    ['five years ahead', 5 * YEAR],
    ['five years behind', -5 * YEAR],
  ] as const)('by %s makes groups, invites, joins and writes', { timeout: 90_000 }, async ([, by]) => {
    off = by;
    const [ann, walt] = [await right.join('Ann'), await wrong.join('Walt')];
    const own = await gather(walt, [ann], 'Made by Walt');
    await says(ann, own, 'an answer', walt);
    const link = await walt.rooms.createInvite(own, Date.now() + off + HOUR);
    const carol = await right.join('Carol');
    await joins(carol, link);
    await says(carol, own, 'came by the link', walt, ann);
    expectWell(own, 3, walt, ann, carol);

    const theirs = await ann.rooms.createGroup({ name: 'Made by Ann', members: [carol.id] });
    await joins(walt, await ann.rooms.createInvite(theirs, Date.now() + HOUR));
    await says(walt, theirs, 'it is me', ann, carol);
    await says(carol, theirs, 'welcome', walt);
    expectWell(theirs, 3, walt, ann, carol);

    const begins = keysShown(server.data, walt.id)[0]?.notBefore ?? 0;
    expect(begins).toBeLessThanOrEqual(Date.now());
    expect(begins).toBeGreaterThan(Date.now() - LIMITS.exchangeKeyLifetime / 2);
  });

  test('that is set while it runs dates by what the server answers', async () => {
    off = 0;
    const [ann, walt] = [await right.join('Ann'), await wrong.join('Walt')];
    const room = await gather(walt, [ann]);
    for (const [index, by] of [3 * HOUR, -3 * HOUR, -5 * YEAR].entries()) {
      off = by;
      await walt.rooms.rekey(room);
      await says(walt, room, `set ${index}`, ann);
    }
    expectWell(room, 4, walt, ann);
  }, 60_000);
});

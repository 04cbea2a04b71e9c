import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, filesIn } from '@sotto/client';
import type { FileId, RoomId } from '@sotto/protocol';
import { startServer } from '@sotto/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Pace, slowLine } from '../../bench/files/slow-line.ts';
import { gather, until } from '../attacks/support/story.ts';
import { gatherMembers } from '../support/members.ts';
import { digestOf, found, messagesOf, parcel, wholeOf } from '../support/parcels.ts';

const MIB = 1_048_576;
const SIZE = 24 * MIB;

/** Two people and their room, at a server behind a line that can be cut. */
async function scene(pace: Pace, uploads = { account: 8, address: 64, server: 256 }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'sotto-parts-'));
  const line = await slowLine(pace);
  const open = () =>
    startServer({
      port: line.target,
      host: '127.0.0.1',
      dataDir,
      origins: [line.origin],
      files: { uploads },
    });
  let server = await open();
  line.target = server.port;
  const members = await gatherMembers(() => line.origin);
  onTestFinished(async () => {
    await members.end();
    await line.close();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const [alice, bob] = [await members.join('Alice'), await members.join('Bob')];
  const room = await gather(alice, [bob]);
  for (const engine of [alice, bob]) await opened(engine, room);
  const restart = async () => {
    await server.close();
    server = await open();
  };
  return { line, members, alice, bob, room, restart, atServer: () => readdir(join(dataDir, 'files')) };
}

async function opened(engine: Engine, room: RoomId): Promise<void> {
  engine.timeline(room);
  await until(() => messagesOf(engine, room).length > 0, 'the lines are there');
}

/** Resolves once so much of the file is up. */
const reaches = (engine: Engine, bytes: number) =>
  until(
    () =>
      [...engine.files.transfers.state.values()].some(
        ({ state, done }) => state === 'running' && done > bytes,
      ),
    `${bytes} are up`,
  );

async function arrives(engine: Engine, room: RoomId, name: string, digest: Promise<string>) {
  await until(() => found(engine, room, name) !== undefined, `${name} arrives`, 40_000);
  const { position = 0, file } = found(engine, room, name) ?? {};
  const whole = await engine.files.open(room, position, file?.file as FileId);
  expect(await digestOf(wholeOf(whole))).toBe(await digest);
}

test('[M6] three connections for one file; cut, server restarted, program restarted: every part goes on where it was', async () => {
  const { line, members, alice, bob, room, restart, atServer } = await scene({ rate: 5_000_000, delay: 2 });
  const film = parcel('film.bin', SIZE, { seed: 5 });
  await alice.files.send(room, { files: [film] });
  const before = line.sent;
  await reaches(alice, SIZE * 0.3);
  expect(line.busiest).toBe(3);
  line.cut();
  await reaches(alice, SIZE * 0.5);
  await restart();
  await reaches(alice, SIZE * 0.7);
  const again = await (await members.away(alice)).back();
  await opened(again, room);
  await arrives(bob, room, 'film.bin', digestOf(film.open()));
  // No byte went twice but what was on its way when the line broke, three times.
  expect(line.sent - before).toBeLessThan(SIZE + 6 * MIB);
  expect(messagesOf(bob, room).filter((item) => filesIn(item).length > 0)).toHaveLength(1);
  expect(await atServer()).toHaveLength(1);
});

test('[M6] held, then given up: the hold stops every part, and none of them stays', async () => {
  const { line, alice, bob, room, atServer } = await scene({ rate: 5_000_000, delay: 0 });
  await alice.files.send(room, { files: [parcel('film.bin', SIZE)] });
  await reaches(alice, SIZE * 0.2);
  const item = messagesOf(alice, room).at(-1);
  const file = filesIn(item)[0]?.file as FileId;
  await alice.files.pause(file);
  await until(() => alice.files.transfers.state.get(file)?.state === 'paused', 'it is held');
  expect(await atServer()).toEqual([file]);
  const { sent } = line;
  await alice.messages.send(room, { body: 'meanwhile' });
  await until(() => messagesOf(bob, room).some(({ body }) => body === 'meanwhile'), 'Bob reads it');
  expect(line.sent - sent).toBeLessThan(6 * MIB); // what was on its way
  await alice.messages.discard(room, item?.id ?? ('' as never));
  await until(() => alice.files.transfers.state.size === 0, 'nothing is on its way');
  await vi.waitFor(async () => expect(await atServer()).toEqual([]), 10_000);
  expect((await alice.files.space()).used).toBe(0);
});

test('[M6, attack 37] a server that takes fewer at once than there are parts: the others go on, none is cut for it', async () => {
  const uploads = { account: 2, address: 64, server: 256 };
  const { line, alice, bob, room } = await scene({ rate: 8_000_000, delay: 0 }, uploads);
  const film = parcel('film.bin', SIZE / 2, { seed: 7 });
  const before = line.sent;
  await alice.files.send(room, { files: [film] });
  await arrives(bob, room, 'film.bin', digestOf(film.open()));
  expect(line.sent - before).toBeLessThan(SIZE / 2 + 5 * MIB); // besides what is refused once it is under way
});

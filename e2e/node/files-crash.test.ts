import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, filesIn } from '@sotto/client';
import type { AccountId, RoomId } from '@sotto/protocol';
import { type RunningServer, startServer } from '@sotto/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gather, until } from '../attacks/support/story.ts';
import { acquaintedSotto } from '../support/acquainted.ts';
import { live } from '../support/mortal.ts';
import { digestOf, eventually, found, messagesOf, parcel, wholeOf } from '../support/parcels.ts';

let folder: string;
let server: RunningServer;
let bob: Engine;
let alice: AccountId;
let room: RoomId;

const directory = () => join(folder, 'alice');
const online = (engine: Engine) =>
  until(() => engine.state.connection.status === 'online' && engine.state.caughtUp, 'online', 30_000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-files-crash-'));
  server = await startServer({ port: 0, host: '127.0.0.1', dataDir: join(folder, 'server') });
  bob = await acquaintedSotto({ server: server.origin, directory: join(folder, 'bob') }).createGuest('Bob');
  await online(bob);
  const first = await acquaintedSotto({ server: server.origin, directory: directory() }).createGuest('Alice');
  await online(first);
  room = await gather(first, [bob]);
  alice = first.id;
  await first.close();
  bob.timeline(room);
});

afterAll(async () => {
  await bob.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const SIZE = 20_000;
const arrived = (name: string) => messagesOf(bob, room).filter((item) => filesIn(item)[0]?.name === name);
const sealedHere = () => readdir(join(directory(), `${alice}.files`)).catch(() => []);

/** Opens the account in a life of its own, with its lines read. */
async function wake(at: number) {
  const life = live({ server: server.origin, directory: directory(), fate: { how: 'kill', at } });
  const engine = await life.sotto.resume(alice);
  engine.timeline(room);
  await online(engine);
  await until(() => messagesOf(engine, room).length > 0, 'the lines are read');
  return { life, engine };
}

const own = (engine: Engine, name: string) =>
  messagesOf(engine, room).find((item) => filesIn(item)[0]?.name === name);

/** Until nothing waits any more: sent, or failed and given up. */
async function settles(engine: Engine, name: string): Promise<void> {
  await until(() => {
    const item = own(engine, name);
    return item === undefined || item.position !== null || item.delivery?.state === 'failed';
  }, `${name} is sent or failed`);
  const item = own(engine, name);
  if (item?.delivery?.state !== 'failed') return;
  expect(item.delivery).toMatchObject({ code: 'usage', reason: 'file_unread' });
  await engine.messages.discard(room, item.id);
}

test('[E3, M6] ended at any await of a files message: exactly one message, whole, or one that says why not', async () => {
  // Once without an end, to know how many there are.
  const whole = await wake(0);
  const before = whole.life.deeds.length;
  await whole.engine.files.send(room, { files: [parcel('calm', SIZE)] });
  await until(() => arrived('calm').length === 1, 'it arrives');
  await settles(whole.engine, 'calm');
  await whole.engine.close();
  const steps = whole.life.deeds.length - before;
  expect(steps).toBeGreaterThan(15);

  let sent = 1;
  let failed = 0;
  for (let at = 1; at <= steps; at += 1) {
    const name = `end ${at}`;
    const { life, engine } = await wake(at);
    life.arm();
    void engine.files.send(room, { files: [parcel(name, SIZE, { seed: at })] });
    const done = until(() => own(engine, name)?.position != null, 'it is sent', 5_000).catch(() => undefined);
    await Promise.race([life.death, done]);
    await life.end();

    const next = await wake(0);
    await settles(next.engine, name);
    const shown = own(next.engine, name);
    const wasSent = shown?.position != null;
    if (wasSent) {
      sent += 1;
      await until(() => arrived(name).length > 0, `${name} arrives`);
      const there = found(bob, room, name);
      if (!there) throw new Error('it is gone');
      const opened = await bob.files.open(room, there.position, there.file.file);
      expect(await digestOf(wholeOf(opened)), name).toBe(
        await digestOf(parcel(name, SIZE, { seed: at }).open()),
      );
    } else failed += 1;
    expect(arrived(name).length, name).toBe(wasSent ? 1 : 0);
    // Nothing is left behind: no sealed bytes here, no upload there.
    const here = `${name}, after ${life.deeds.at(-1)}`;
    await eventually(async () => (await sealedHere()).length === 0, `${here}: no sealed bytes are left`);
    const used = async () => (await next.engine.files.space()).used;
    await eventually(async () => (await used()) === sent * (SIZE + 16), `${here}: no upload is left`);
    await next.life.end();
  }
  expect(failed).toBeGreaterThan(1);
  expect(sent).toBeGreaterThan(5);
}, 200_000);

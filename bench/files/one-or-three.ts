/**
 * `node bench/files/one-or-three.ts`: one file over one connection and over three, through a network that slows each connection
 * down, and through one that does not. Three and one by turns, so that a busy machine is as busy for both.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, filesIn, type NewFile } from '@sotto/client';
import { PATHS, type RoomId } from '@sotto/protocol';
import { acquainted } from '../../e2e/support/acquainted.ts';
import { startServerProcess } from '../../e2e/support/server.ts';
import { createSotto } from '../../packages/client/src/engine/create-sotto.ts';
import { fetchFiles } from '../../packages/client/src/fetch/fetch-files.ts';
import { fetchTransport } from '../../packages/client/src/fetch/fetch-transport.ts';
import { fileHost } from '../../packages/client/src/node/file-host.ts';
import { processLocks } from '../../packages/client/src/node/process-locks.ts';
import { processTabs } from '../../packages/client/src/node/process-tabs.ts';
import { opaquePasswords } from '../../packages/client/src/password/opaque-passwords.ts';
import type { Transport } from '../../packages/client/src/seams/index.ts';
import { systemClock } from '../../packages/client/src/system-clock.ts';
import { blockParts, MIB } from './block.ts';
import { type Pace, slowLine } from './slow-line.ts';

/** An engine that may send in parts, or believes that the server takes none. */
async function sender(origin: string, directory: string, parts: boolean): Promise<Engine> {
  const inner = fetchTransport(origin);
  const inOne: Transport = {
    ...inner,
    connect: (handlers) => inner.connect(handlers),
    async request(request) {
      const answer = await inner.request(request);
      if (request.path !== PATHS.files) return answer;
      return { ...answer, json: { ...(answer.json as object), parts: 0 } };
    },
  };
  const engine = await createSotto({
    transport: parts ? inner : inOne,
    fileTransport: fetchFiles(origin),
    fileCache: 0,
    host: fileHost(directory),
    clock: systemClock(),
    locks: processLocks,
    tabs: processTabs,
    passwords: opaquePasswords(),
    device: { name: 'Bench', kind: 'terminal' },
  }).createGuest(parts ? 'Three' : 'One');
  await until(() => engine.state.caughtUp);
  return acquainted(engine);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Milliseconds from the last byte that was read, to be sealed, to the message in the log. */
async function upload(engine: Engine, room: RoomId, size: number): Promise<number> {
  const timeline = engine.timeline(room);
  const name = crypto.randomUUID();
  const isSent = () =>
    timeline.state.items.some(
      (item) => item.type === 'message' && item.position !== null && filesIn(item)[0]?.name === name,
    );
  let start = 0;
  const film: NewFile = {
    name,
    type: 'application/octet-stream',
    size,
    async *open() {
      for (let index = 0; index * MIB < size; index += 1) yield* blockParts(index);
      start = performance.now();
    },
  };
  await engine.files.send(room, { files: [film] });
  await until(isSent);
  return performance.now() - start;
}

async function measure(name: string, mebibytes: number, pace: Pace): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-lines-'));
  const line = await slowLine(pace);
  const server = await startServerProcess({ env: { SOTTO_ORIGIN: line.origin, SOTTO_LOG: 'error' } });
  try {
    line.target = server.port;
    const engines = [
      await sender(line.origin, join(folder, 'one'), false),
      await sender(line.origin, join(folder, 'three'), true),
    ];
    const [one, three] = engines as [Engine, Engine];
    const room = await one.rooms.createGroup({ name: 'Bench', members: [three.id] });
    await until(() => three.state.rooms.has(room));
    const times: [number[], number[]] = [[], []];
    for (const turn of [0, 1, 1, 0]) {
      const engine = engines[turn] as Engine;
      (times[turn] as number[]).push(await upload(engine, room, mebibytes * MIB));
    }
    const rate = (all: number[]) =>
      (mebibytes * all.length * 1_000) / all.reduce((sum, each) => sum + each, 0);
    const [alone, together] = times.map(rate) as [number, number];
    process.stdout.write(
      `${name}, ${mebibytes} MiB: one connection ${alone.toFixed(1)} MiB/s, three ${together.toFixed(1)} MiB/s (${(together / alone).toFixed(2)} times)\n`,
    );
    for (const engine of engines) await engine.close();
  } finally {
    await line.close();
    await server.end();
    await rm(folder, { recursive: true, force: true });
  }
}

await measure('4 MB/s for each connection, 80 ms there and back', 16, { rate: 4_000_000, delay: 40 });
await measure('no limit', 128, { rate: 0, delay: 0 });

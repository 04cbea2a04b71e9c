/**
 * Deliveries per second into one room: the real server (encrypted, durable before acknowledged) against a plain `ws`
 * loop that stores nothing, by the same load in the same run, in turns.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { drive, type Measured } from './load.ts';
import { connect } from './member.ts';
import { makeRoom, type SendFrame, sealFrames } from './room.ts';

const MEMBERS = 50;
const WINDOWS = [8, 64];
const ROUNDS = 3;
/** Per measurement; the epoch's limit on use (R4) binds clients, not the server. */
const MESSAGES = 2_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Running {
  readonly origin: string;
  end(): Promise<void>;
}

/** Starts one of the two servers as a process of its own, so that it has a core of its own. */
async function start(file: 'server.ts' | 'baseline-server.ts'): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  const path = join(import.meta.dirname, file);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const line = await Promise.race([once(child.stdout, 'data'), exited.then(() => undefined)]);
  if (!line) throw new Error(`${file} ended before it listened`);
  return {
    origin: String(line[0]).trim(),
    async end() {
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function plainSockets(origin: string): Promise<WebSocket[]> {
  const address = origin.replace('http', 'ws');
  return Promise.all(
    Array.from({ length: MEMBERS }, async () => {
      const socket = new WebSocket(address, { perMessageDeflate: false });
      await once(socket, 'open');
      return socket;
    }),
  );
}

async function measure(
  sockets: Promise<WebSocket[]>,
  frames: readonly SendFrame[],
  window: number,
): Promise<Measured> {
  const open = await sockets;
  try {
    return await drive(open, frames, window);
  } finally {
    for (const socket of open) socket.terminate();
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function row(name: string, runs: readonly Measured[]): string {
  const speed = Math.round(median(runs.map((run) => run.deliveriesPerSecond)) / 1_000);
  const wait = (pick: (run: Measured) => number) => median(runs.map(pick)).toFixed(1);
  return `  ${name.padEnd(8)} ${String(speed).padStart(5)} thousand deliveries/s, acknowledged p50 ${wait((r) => r.p50)} p99 ${wait((r) => r.p99)} ms`;
}

/** Runs both sides in turns and prints medians and their ratio. */
export async function benchFanOut(): Promise<void> {
  say(`Fan-out: 1 room, ${MEMBERS} members, ${MESSAGES} messages, medians of ${ROUNDS} runs in turns`);
  const baseline = await start('baseline-server.ts');
  try {
    for (const window of WINDOWS) {
      const ours: Measured[] = [];
      const plain: Measured[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const server = await start('server.ts');
        try {
          const room = await makeRoom(server.origin, MEMBERS);
          const frames = await sealFrames(room, MESSAGES);
          const sockets = Promise.all(room.members.map((member) => connect(server.origin, member)));
          ours.push(await measure(sockets, frames, window));
          plain.push(await measure(plainSockets(baseline.origin), frames, window));
        } finally {
          await server.end();
        }
      }
      const speed = (runs: readonly Measured[]) => median(runs.map((run) => run.deliveriesPerSecond));
      say(`window ${window}`);
      say(row('sotto', ours));
      say(row('ws loop', plain));
      say(`  ratio    ${(speed(ours) / speed(plain)).toFixed(2)}`);
    }
  } finally {
    await baseline.end();
  }
}

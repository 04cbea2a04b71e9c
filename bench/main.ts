/** `npm run bench`; `-- --help` says what there is. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureAccount } from './account/measure.ts';
import { measureClient } from './client/measure.ts';
import { measureClosed, type Stage, SYSTEMS, type System, stageAll } from './fan-out.ts';
import type { FloodKind } from './floods/kinds.ts';
import { FLOOD_KINDS, measureFlood } from './floods/measure.ts';
import { measureOpen } from './open-loop.ts';
import { PEERS } from './peers/peer.ts';
import { asChart, asTables, describeMachine, type Report } from './report.ts';
import { measureCatchUp, measureIdle, measureStorm } from './standing.ts';

const HELP = `npm run bench [-- [PART …] [--quick] [--peers] [--json FILE] [--svg FILE]]

Measures the real server, and the plain loop and Socket.IO beside it, on loopback.
Without a PART: all of them, some six minutes.

  closed    throughput with 8, 16 and 64 messages in flight
  open      latency at 1000 messages a second
  idle      memory per idle connection
  catch-up  reading 10,000 missed messages
  storm     2,000 clients reconnect at once
  client    the client's side, in Node and in Chromium
  floods    what a well-behaved pair notices of seven kinds of floods
  account   signing in to an account with a long past

  --quick   the part that takes under a minute, on a smaller scale
  --peers   Flask-SocketIO and ejabberd too, where they are installed
  --json    writes the figures; --svg a chart

SOTTO_BENCH_PROFILE=FOLDER leaves processor profiles of the real server there.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    json: { type: 'string' },
    svg: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const { quick } = values;
/** The quick form leaves out what takes long, or says little on a small scale, unless it is named. */
const wants = (part: string, length: 'short' | 'long' = 'short') =>
  positionals.includes(part) || (positionals.length === 0 && !(quick && length === 'long'));
const progress = (line: string) => process.stderr.write(`${line}\n`);
const report: Report = {
  at: new Date().toISOString(),
  machine: describeMachine(),
  closed: [],
  open: {},
  absent: {},
  floods: [],
};

/** Messages per room and run, so that each run takes about a second. */
const perRun = (sotto: number, others: number): Record<System, number> => ({
  sotto,
  'ws loop': others,
  'Socket.IO': others,
  'Flask-SocketIO': Math.ceil(others / 3),
  ejabberd: Math.ceil(others / 3),
  'ejabberd, archive': Math.ceil(others / 6),
});

async function withStages(rooms: number, use: (stages: Stage[]) => Promise<void>): Promise<void> {
  // The others of `--peers` take the stage of one room only: they need no twenty to be slower.
  const systems = values.peers && rooms === 1 ? [...SYSTEMS, ...PEERS] : SYSTEMS;
  const stages = await stageAll({ rooms, members: 50 }, systems, (system, why) => {
    report.absent[system] = why;
  });
  try {
    await use(stages);
  } finally {
    for (const stage of stages) await stage.end();
  }
}

/** The first rounds find code that is not compiled yet, of every system. */
const warmUp = quick ? 0 : 2;
const rounds = quick ? 2 : 9;
const scale = quick ? 0.4 : 1;
const amount = (messages: number) => Math.ceil(messages * scale);

if (wants('closed')) {
  await withStages(1, async (stages) => {
    for (const window of [8, 64]) {
      progress(`closed loop, 1 room of 50, ${window} in flight`);
      const messages = perRun(amount(window * 200), amount(1_600));
      report.closed.push(await measureClosed(stages, { window, warmUp, rounds, messages }));
    }
  });
}
if (wants('closed') || wants('open')) {
  await withStages(20, async (stages) => {
    if (wants('closed')) {
      progress('closed loop, 20 rooms of 50, 16 in flight each');
      const messages = perRun(amount(600), amount(120));
      report.closed.push(await measureClosed(stages, { window: 16, warmUp, rounds, messages }));
    }
    if (!wants('open')) return;
    progress('open loop, 1000 messages/s into 20 rooms of 50');
    const options = { rounds: quick ? 1 : 3, perSecond: 1_000, seconds: quick ? 2 : 6 };
    report.open = await measureOpen(stages, options);
  });
}
if (wants('idle', 'long')) {
  progress('idle connections');
  report.idle = await measureIdle(quick ? 1_000 : 10_000);
}
if (wants('catch-up')) {
  progress('catching up');
  report.catchUp = await measureCatchUp(quick ? 3_000 : 10_000);
}
if (wants('storm')) {
  progress('reconnect storm');
  report.storm = await measureStorm(quick ? 300 : 2_000);
}
if (wants('client')) {
  progress("the client's side, in Node and in Chromium");
  report.client = await measureClient(quick);
}
if (wants('floods')) {
  const kinds: readonly FloodKind[] = quick ? ['malformed'] : FLOOD_KINDS;
  for (const kind of kinds) {
    progress(`flood: ${kind}`);
    report.floods.push(await measureFlood(kind, quick ? 2 : kind === 'malformed' ? 10 : 6));
  }
}
if (wants('account', 'long')) report.account = await measureAccount(quick, progress);

process.stdout.write(`${asTables(report)}\n`);
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
if (values.svg) await writeFile(values.svg, asChart(report));
process.exit(0);

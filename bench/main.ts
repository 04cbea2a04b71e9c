/**
 * `npm run bench`: everything; `-- --quick` the part that takes under a minute; `-- crypto closed` only what is named.
 * `--json FILE` and `--svg FILE` write the figures and a chart.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchCrypto } from './crypto.ts';
import { measureClosed, type Stage, SYSTEMS, type System, stageAll } from './fan-out.ts';
import { openLoop } from './open-loop.ts';
import { asChart, asTables, describeMachine, type Report } from './report.ts';
import { measureCatchUp, measureIdle, measureStorm } from './standing.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});
const { quick } = values;
const wants = (part: string) => positionals.length === 0 || positionals.includes(part);
const progress = (line: string) => process.stderr.write(`${line}\n`);
const report: Report = { at: new Date().toISOString(), machine: describeMachine(), closed: [], open: {} };

/** Messages per room and run, so that each run takes about a second. */
const perRun = (sotto: number, others: number): Record<System, number> => ({
  sotto,
  'ws loop': others,
  'Socket.IO': others,
});

async function withStages(rooms: number, use: (stages: Stage[]) => Promise<void>): Promise<void> {
  const stages = await stageAll({ rooms, members: 50 }, SYSTEMS);
  try {
    await use(stages);
  } finally {
    for (const stage of stages) await stage.end();
  }
}

const rounds = quick ? 2 : 5;
const scale = quick ? 0.4 : 1;
const amount = (messages: number) => Math.ceil(messages * scale);

if (wants('closed')) {
  await withStages(1, async (stages) => {
    for (const window of [8, 64]) {
      progress(`closed loop, 1 room of 50, ${window} in flight`);
      const messages = perRun(amount(window * 200), amount(1_600));
      report.closed.push(await measureClosed(stages, { window, rounds, messages }));
    }
  });
}
if (wants('closed') || wants('open')) {
  await withStages(20, async (stages) => {
    if (wants('closed')) {
      progress('closed loop, 20 rooms of 50, 16 in flight each');
      const messages = perRun(amount(600), amount(120));
      report.closed.push(await measureClosed(stages, { window: 16, rounds, messages }));
    }
    if (!wants('open')) return;
    for (const stage of stages) {
      progress(`open loop, 1000 messages/s into 20 rooms of 50: ${stage.system}`);
      report.open[stage.system] = await openLoop(stage, 1_000, quick ? 2 : 10);
    }
  });
}
if (wants('idle')) {
  progress('idle connections');
  report.idle = await measureIdle(quick ? 1_000 : 8_000);
}
if (wants('catch-up')) {
  progress('catching up');
  report.catchUp = await measureCatchUp(quick ? 3_000 : 10_000);
}
if (wants('storm')) {
  progress('reconnect storm');
  report.storm = await measureStorm(quick ? 300 : 2_000);
}
if (wants('crypto')) {
  progress('cryptography');
  report.crypto = await benchCrypto();
}

process.stdout.write(`${asTables(report)}\n`);
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
if (values.svg) await writeFile(values.svg, asChart(report));
process.exit(0);

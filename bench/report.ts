import { cpus, loadavg, totalmem } from 'node:os';
import { type AccountFigures, accountTables } from './account/measure.ts';
import { type ClientCosts, clientTable } from './client/table.ts';
import type { Closed, ClosedFigures } from './fan-out.ts';
import type { FloodFigures } from './floods/measure.ts';
import { floodTable } from './floods/table.ts';
import type { Latency } from './open-loop.ts';
import type { CatchUp, Idle, Storm } from './standing.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  /** Before the run: what else the machine was doing. */
  readonly load: number;
}

/** Everything one run found; what was not asked for is absent. */
export interface Report {
  readonly at: string;
  readonly machine: Machine;
  readonly closed: ClosedFigures[];
  open: Record<string, Latency>;
  /** Systems that were asked for and are not installed, with what they need. */
  readonly absent: Record<string, string>;
  idle?: Idle;
  catchUp?: CatchUp;
  storm?: Storm;
  client?: ClientCosts;
  readonly floods: FloodFigures[];
  account?: AccountFigures;
}

export const describeMachine = (): Machine => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
});

const thousand = (value: number) => `${Math.round(value / 1_000)} k`;
const ms = (value: number) => value.toFixed(1);

/** The generator takes all of its core: the server could have done more. */
const LOAD_BOUND = 0.9;

/** Markdown, as it stands in docs/performance.md. */
export function asTables(report: Report): string {
  const { machine } = report;
  const lines = [
    `${report.at} · ${machine.cores} cores, ${machine.processor} · Node ${machine.node} · load before the run ${machine.load}`,
  ];
  if (report.closed.length > 0) lines.push('', ...closedTable(report.closed));
  for (const [system, why] of Object.entries(report.absent))
    lines.push('', `**${system} was not measured: it ${why}.**`);
  if (Object.keys(report.open).length > 0) lines.push('', ...openTable(report.open));
  const { idle, catchUp, storm } = report;
  if (idle || catchUp || storm) lines.push('', '| besides | |', '|---|---|');
  if (idle) {
    const kb = (bytes: number) => (bytes / 1_000).toFixed(1);
    lines.push(
      `| memory per idle connection, ${idle.connections} open | ${kb(idle.sotto)} kB (plain \`ws\` ${kb(idle.plain)} kB) |`,
    );
  }
  if (catchUp) {
    lines.push(
      `| catching up on ${catchUp.messages} messages | ${Math.round(catchUp.perSecond)} messages/s |`,
    );
  }
  if (storm) {
    lines.push(
      `| ${storm.clients} clients reconnect at once | all back after ${storm.seconds.toFixed(1)} s |`,
    );
  }
  if (report.floods.length > 0) lines.push('', ...floodTable(report.floods));
  if (report.client) lines.push('', ...clientTable(report.client));
  if (report.account) lines.push('', ...accountTables(report.account));
  return lines.join('\n');
}

function closedTable(all: readonly ClosedFigures[]): string[] {
  const lines = [
    '| closed loop | system | deliveries/s | Sotto is | per core of the server | Sotto is | acknowledged p50 / p99, ms | server, load: cores |',
    '|---|---|---|---|---|---|---|---|',
  ];
  for (const { rooms, members, window, systems } of all) {
    const perCore = (run: Closed) => run.deliveriesPerSecond / run.serverCpu;
    const { sotto } = systems;
    for (const [name, run] of Object.entries(systems)) {
      const times = (of: (run: Closed) => number) =>
        sotto && run !== sotto ? `${(of(sotto) / of(run)).toFixed(1)} ×` : '';
      const bound = run.loadCpu > LOAD_BOUND ? ' (load-bound)' : '';
      lines.push(
        `| ${rooms}×${members}, ${window} in flight | ${name} | ${thousand(run.deliveriesPerSecond)} | ${times((one) => one.deliveriesPerSecond)} | ${thousand(perCore(run))} | ${times(perCore)} | ${ms(run.p50)} / ${ms(run.p99)} | ${run.serverCpu.toFixed(2)}, ${run.loadCpu.toFixed(2)}${bound} |`,
      );
    }
  }
  return lines;
}

function openTable(all: Record<string, Latency>): string[] {
  const lines = ['| open loop | delivery p50 / p99 / p99.9, ms | acknowledgement |', '|---|---|---|'];
  for (const [system, { perSecond, rooms, delivery: d, acknowledgement: a }] of Object.entries(all)) {
    lines.push(
      `| ${system}, ${perSecond} messages/s into ${rooms} rooms | ${ms(d.p50)} / ${ms(d.p99)} / ${ms(d.p999)} | ${ms(a.p50)} / ${ms(a.p99)} / ${ms(a.p999)} |`,
    );
  }
  return lines;
}

/** Bars of the closed loop's throughput. */
export function asChart({ closed }: Report): string {
  const rows = closed.flatMap(({ rooms, members, window, systems }) =>
    Object.entries(systems).map(([name, run]) => ({
      label: `${rooms}×${members}, ${window} in flight: ${name}`,
      value: run.deliveriesPerSecond,
      ours: name === 'sotto',
    })),
  );
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const bars = rows.map(({ label, value, ours }, index) => {
    const y = 30 + index * 26;
    const width = ((value / most) * 380).toFixed(1);
    return `<text x="230" y="${y + 14}" text-anchor="end">${label}</text><rect x="240" y="${y}" width="${width}" height="18" fill="${ours ? '#2f6f5e' : '#b9b4a8'}"/><text x="${(245 + Number(width)).toFixed(1)}" y="${y + 14}">${thousand(value)}</text>`;
  });
  const height = 50 + rows.length * 26;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="700" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333"><title>Deliveries per second of each system, closed loop</title><rect width="100%" height="100%" fill="#fff"/><text x="10" y="18" font-weight="bold">Deliveries per second, closed loop</text>${bars.join('')}</svg>\n`;
}

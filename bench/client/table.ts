import type { Cost } from './cost.ts';

/** By where it ran; no Chromium, no entry. */
export type ClientCosts = Readonly<Record<string, readonly Cost[]>>;

const ms = (microseconds: number) => (microseconds / 1_000).toFixed(1);

/** A rate in MB/s where bytes are handled, else a time. */
function amount({ bytes }: Cost, microseconds: number): string {
  if (bytes !== undefined) return `${Math.round(bytes / microseconds)} MB/s`;
  return microseconds < 2_000 ? `${Math.round(microseconds)} µs` : `${ms(microseconds)} ms`;
}

const percent = (part: number) => Math.round(part * 100);

function verdict({ target, share }: Cost): string {
  if (target === undefined) return '';
  return `${share >= target ? 'yes' : '**no**'} (${target * 100} %)`;
}

/** What the client's side costs, as part of what its primitives alone would allow. */
export function clientTable(all: ClientCosts): string[] {
  const lines = [
    "| the client's side | | Sotto | its primitives alone | of the ceiling (lowest to highest round) | target met |",
    '|---|---|---|---|---|---|',
  ];
  for (const [place, costs] of Object.entries(all)) {
    for (const cost of costs) {
      const { name, ours, raw, of, share, range } = cost;
      const between = range.map(percent).join(' to ');
      lines.push(
        `| ${place} | ${name} | ${amount(cost, ours)} | ${amount(cost, raw)} (${of}) | ${percent(share)} % (${between}) | ${verdict(cost)} |`,
      );
    }
  }
  if (!('Chromium' in all)) lines.push('', '**Chromium was not measured: it is not installed.**');
  return lines;
}

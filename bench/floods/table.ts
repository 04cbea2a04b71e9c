import { FLOOD_TARGET, type FloodFigures } from './measure.ts';

/** What a well-behaved pair notices of each flood. */
export function floodTable(all: readonly FloodFigures[]): string[] {
  const lines = [
    `| flood (real limits) | thrown at the server | refused or cut off | messages of a well-behaved pair | p50 / p99, ms | p99 under ${FLOOD_TARGET} |`,
    '|---|---|---|---|---|---|',
  ];
  for (const { kind, thrown, refused, messages, p50, p99 } of all) {
    lines.push(
      `| ${kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} | ${thrown} | ${refused} | ${messages}, none lost | ${p50.toFixed(1)} / ${p99.toFixed(1)} | ${p99 < FLOOD_TARGET ? 'yes' : '**no**'} |`,
    );
  }
  return lines;
}

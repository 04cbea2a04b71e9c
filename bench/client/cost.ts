import { median } from '../figures.ts';

/** What one of our operations costs, next to the primitives it cannot do without, measured in the same run. */
export interface Cost {
  readonly name: string;
  /** Microseconds. */
  readonly ours: number;
  readonly raw: number;
  /** What `raw` is the time of. */
  readonly of: string;
  /** Bytes that one operation handles, where a rate says more. */
  readonly bytes?: number;
  /** Part of the ceiling that is to be reached, 0 to 1. */
  readonly target?: number;
}

/** How thoroughly to measure. */
export interface Effort {
  readonly batches: number;
}

export const effort = (quick: boolean): Effort => ({ batches: quick ? 3 : 7 });

/**
 * Microseconds of each, measured in turns: what else the machine does hits all of them alike. Medians of the batches that
 * follow a warm-up. @param runs in one batch @returns in the order given
 */
export async function timesOf(
  all: readonly (() => Promise<unknown>)[],
  runs: number,
  { batches }: Effort,
): Promise<number[]> {
  const found = all.map((): number[] => []);
  for (let batch = 0; batch <= batches; batch += 1) {
    for (const [index, run] of all.entries()) {
      const time = await once(run, runs);
      if (batch > 0) found[index]?.push(time);
    }
  }
  return found.map(median);
}

async function once(run: () => Promise<unknown>, runs: number): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < runs; index += 1) await run();
  return ((performance.now() - start) / runs) * 1_000;
}

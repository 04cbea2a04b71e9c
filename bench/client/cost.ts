import { median } from '../figures.ts';

/** One of our operations beside the primitives it cannot do without. */
export interface Trial {
  readonly name: string;
  /** Does the operation `count` times. */
  readonly ours: () => Promise<unknown>;
  /** Its primitives, as often, with as much under way at a time and with results as large. */
  readonly raw: () => Promise<unknown>;
  readonly count: number;
  /** What `raw` does. */
  readonly of: string;
  /** Bytes that one operation handles, where a rate says more. */
  readonly bytes?: number;
  /** Part of the ceiling that is to be reached, 0 to 1. */
  readonly target?: number;
}

/** What was measured of a trial; times in microseconds per operation. */
export interface Cost extends Pick<Trial, 'name' | 'of' | 'bytes' | 'target'> {
  readonly ours: number;
  readonly raw: number;
  /** Part of the ceiling that is reached: the median over the rounds, with the lowest and the highest. */
  readonly share: number;
  readonly range: readonly [number, number];
}

/** How thoroughly to measure. */
export interface Effort {
  readonly rounds: number;
}

export const effort = (quick: boolean): Effort => ({ rounds: quick ? 3 : 11 });

/**
 * Both sides of every trial in turns, who is first changing from round to round: what else the machine does hits both alike,
 * and each round gives a share of its own. The first two rounds warm up and do not count.
 */
export async function measureTrials(trials: readonly Trial[], { rounds }: Effort): Promise<Cost[]> {
  const found = trials.map(() => ({ ours: [] as number[], raw: [] as number[] }));
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, trial] of trials.entries()) {
      const turns = round % 2 === 0 ? (['ours', 'raw'] as const) : (['raw', 'ours'] as const);
      for (const side of turns) {
        const start = performance.now();
        await trial[side]();
        const time = ((performance.now() - start) / trial.count) * 1_000;
        if (round >= 0) found[index]?.[side].push(time);
      }
    }
  }
  return trials.map(({ name, of, bytes, target }, index): Cost => {
    const { ours = [], raw = [] } = found[index] ?? {};
    const shares = ours.map((time, round) => (raw[round] ?? 0) / time);
    return {
      ...{ name, of, ours: median(ours), raw: median(raw) },
      ...{ share: median(shares), range: [Math.min(...shares), Math.max(...shares)] },
      ...(bytes === undefined ? {} : { bytes }),
      ...(target === undefined ? {} : { target }),
    };
  });
}

/** Runs `work` `count` times, `width` of them under way at once, oldest first. */
export async function flow(count: number, width: number, work: (index: number) => Promise<unknown>) {
  const underWay: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    if (underWay.length >= width) await underWay.shift();
    underWay.push(work(index));
  }
  await Promise.all(underWay);
}

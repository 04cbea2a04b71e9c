import type { Stage } from './fan-out.ts';
import { median, percentile } from './figures.ts';
import { RoomLoad } from './room-load.ts';

export interface Latency {
  readonly perSecond: number;
  readonly rooms: number;
  readonly delivery: Percentiles;
  readonly acknowledgement: Percentiles;
}

/** Milliseconds from the moment a message was meant to be sent. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * Each stage in turns, so that a moment in which the machine or its disk is busy elsewhere meets all alike; of the rounds, the
 * median of each figure counts.
 */
export async function measureOpen(
  stages: readonly Stage[],
  options: { rounds: number; perSecond: number; seconds: number },
): Promise<Record<string, Latency>> {
  const runs = new Map<string, Latency[]>(stages.map(({ system }) => [system, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const stage of stages) {
      runs.get(stage.system)?.push(await openLoop(stage, options.perSecond, options.seconds));
    }
  }
  return Object.fromEntries([...runs].map(([system, all]) => [system, middleOf(all)]));
}

function middleOf(all: readonly Latency[]): Latency {
  const [first] = all;
  if (!first) throw new Error('no round was measured');
  const middle = (pick: (run: Latency) => Percentiles): Percentiles => ({
    p50: median(all.map((run) => pick(run).p50)),
    p99: median(all.map((run) => pick(run).p99)),
    p999: median(all.map((run) => pick(run).p999)),
  });
  return {
    ...first,
    delivery: middle((run) => run.delivery),
    acknowledgement: middle((run) => run.acknowledgement),
  };
}

/**
 * Open loop: messages leave by the clock, whatever the server does, over all rooms in turn; so a stall counts for every
 * message it delays. The first second is not counted.
 */
async function openLoop(stage: Stage, perSecond: number, seconds: number): Promise<Latency> {
  const perRoom = Math.ceil((perSecond * (seconds + 1)) / stage.rooms.length);
  const total = perRoom * stage.rooms.length;
  const delivery: number[] = [];
  const acknowledgement: number[] = [];
  const failed = Promise.withResolvers<never>();
  let missing = 0;
  let counts = Number.POSITIVE_INFINITY;
  const loads: { load: RoomLoad; due: number[] }[] = [];
  for (const { room, sealer } of stage.rooms) {
    const frames = await sealer.seal(perRoom);
    const prepared = frames.map(stage.prepare);
    const due: number[] = [];
    let first: number | undefined;
    missing += perRoom * (room.sockets.length + 1);
    const load = new RoomLoad(room, prepared, {
      delivered: (from, to) => {
        first ??= from;
        const now = performance.now();
        for (let position = from; position <= to; position += 1) {
          const meant = due[position - first] ?? now;
          if (meant >= counts) delivery.push(now - meant);
        }
        missing -= to - from + 1;
      },
      acked: (index) => {
        const meant = due[index] ?? 0;
        if (meant >= counts) acknowledgement.push(performance.now() - meant);
        missing -= 1;
      },
      failed: failed.reject,
    });
    loads.push({ load, due });
  }
  const begin = performance.now() + 50;
  counts = begin + 1_000;
  let sent = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    for (; sent < total && begin + (sent * 1_000) / perSecond <= now; sent += 1) {
      const next = loads[sent % loads.length];
      next?.due.push(begin + (sent * 1_000) / perSecond);
      next?.load.send();
    }
  }, 1);
  try {
    await Promise.race([
      failed.promise,
      (async () => {
        const end = Date.now() + (seconds + 60) * 1_000;
        while (missing > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
        if (missing > 0) throw new Error(`${missing} deliveries never came`);
      })(),
    ]);
  } finally {
    clearInterval(timer);
  }
  return {
    perSecond,
    rooms: stage.rooms.length,
    delivery: percentiles(delivery),
    acknowledgement: percentiles(acknowledgement),
  };
}

function percentiles(values: number[]): Percentiles {
  values.sort((a, b) => a - b);
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99), p999: percentile(values, 0.999) };
}

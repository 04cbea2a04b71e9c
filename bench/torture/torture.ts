import type { LogPage } from '@sotto/protocol';
import { PATHS } from '@sotto/protocol';
import { connect, get, type Member } from '../member.ts';
import { type Running, startProcess } from '../processes.ts';
import { firstOf, makeRoom, Sealer } from '../room.ts';
import { Disk, type Planted } from './disk.ts';
import { type Counts, Ledger } from './ledger.ts';
import { Talker } from './talker.ts';

export interface Plan {
  readonly kills: number;
  readonly powerLosses: number;
  readonly planted?: Planted;
  /** Milliseconds of load before each end, at random between. */
  readonly load?: readonly [least: number, most: number];
  /** 0 to 1; `Math.random` where absent. */
  readonly random?: () => number;
}

export interface Outcome extends Counts {
  readonly kills: number;
  readonly powerLosses: number;
}

const ROOMS = 2;
const SUPPLY = 6_000;

interface Stage {
  readonly member: Member;
  readonly ledger: Ledger;
  readonly talker: Talker;
  readonly sealer: Sealer;
}

/**
 * Ends the server at random moments under load, again and again on the same data, and holds everything it ever
 * acknowledged or delivered against its log. @returns undefined where power loss cannot be played (no C compiler)
 */
export async function torture(plan: Plan): Promise<Outcome | undefined> {
  const disk = await Disk.make();
  if (!disk) return undefined;
  try {
    return await tortureOn(disk, plan);
  } finally {
    await disk.remove();
  }
}

async function tortureOn(disk: Disk, plan: Plan): Promise<Outcome> {
  const random = plan.random ?? Math.random;
  const [least, most] = plan.load ?? [30, 400];
  const start = async () => startProcess('server.ts', { folder: disk.folder, env: await disk.environment() });
  const startFaulty = async (): Promise<Running> =>
    plan.planted && plan.planted !== 'none'
      ? startProcess('torture/planted.ts', {
          folder: disk.folder,
          env: await disk.environment(),
          more: [plan.planted],
        })
      : start();
  let server = await start();
  const done = { kills: 0, powerLosses: 0 };
  try {
    const stages = await stage(server.origin);
    for (let left = plan.kills + plan.powerLosses; left > 0; left -= 1) {
      const power = random() < (plan.powerLosses - done.powerLosses) / left;
      await server.kill();
      server = await startFaulty();
      for (const { talker, sealer } of stages) {
        sealer.origin = server.origin;
        if (talker.done) talker.supply(await sealer.seal(SUPPLY));
      }
      const before = acknowledgedBy(stages);
      await Promise.all(stages.map(({ talker }) => talker.start(server.origin)));
      // A planted fault breaks a promise: there has to be one.
      if (plan.planted) await until(() => acknowledgedBy(stages) > before);
      await new Promise((resolve) => setTimeout(resolve, least + random() * (most - least)));
      await server.kill();
      for (const { talker } of stages) talker.stop();
      if (power) await disk.losePower();
      done[power ? 'powerLosses' : 'kills'] += 1;
      server = await start();
      for (const { ledger, member } of stages) await compare(server.origin, ledger, member);
    }
    const counts: Counts = { acknowledged: 0, lost: 0, duplicated: 0, reordered: 0 };
    for (const { ledger } of stages)
      for (const key of Object.keys(counts) as (keyof Counts)[]) counts[key] += ledger.counts[key];
    return { ...done, ...counts };
  } finally {
    await server.kill();
  }
}

const acknowledgedBy = (stages: readonly Stage[]): number =>
  stages.reduce((sum, { ledger }) => sum + ledger.counts.acknowledged, 0);

async function stage(origin: string): Promise<Stage[]> {
  const stages: Stage[] = [];
  for (let index = 0; index < ROOMS; index += 1) {
    const room = await makeRoom(origin, 2, `room ${index} member`);
    const member = firstOf(room.members);
    const ledger = new Ledger(room.room);
    const sealer = new Sealer(origin, room);
    stages.push({ member, ledger, sealer, talker: new Talker(member, ledger, await sealer.seal(SUPPLY)) });
  }
  return stages;
}

/** Reads on from where the last comparison ended. */
async function compare(origin: string, ledger: Ledger, member: Member): Promise<void> {
  for (;;) {
    const path = `${PATHS.log(ledger.room)}?after=${ledger.read}&limit=500`;
    const { entries } = await get<LogPage>(origin, path, member);
    if (entries.length === 0) break;
    ledger.compare(entries);
  }
  ledger.end();
}

/** A full disk: sends are refused, nothing else breaks, and once there is room they go through. */
export async function fillDisk(): Promise<
  { refused: number; acknowledged: number; lost: number } | undefined
> {
  const disk = await Disk.make();
  if (!disk) return undefined;
  const server = await startProcess('server.ts', { folder: disk.folder, env: await disk.environment() });
  try {
    const room = await makeRoom(server.origin, 2);
    const member = firstOf(room.members);
    const ledger = new Ledger(room.room);
    const talker = new Talker(member, ledger, await new Sealer(server.origin, room).seal(400));
    await talker.start(server.origin);
    await until(() => ledger.counts.acknowledged > 50);
    await disk.fillUp();
    await until(() => talker.refusals.length > 0);
    const other = firstOf(room.members.slice(1));
    (await connect(server.origin, other)).end(); // reading and connecting still work
    await get(server.origin, `${PATHS.log(room.room)}?after=0`, other);
    await disk.makeRoom();
    talker.again();
    await until(() => {
      if (!talker.done) talker.again();
      return talker.done;
    });
    await compare(server.origin, ledger, member);
    const { acknowledged, lost } = ledger.counts;
    return { refused: talker.refusals.length, acknowledged, lost };
  } finally {
    await server.kill();
    await disk.remove();
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('this did not come to pass within 20 seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

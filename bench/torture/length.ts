import { type Outcome, torture } from './torture.ts';

/** What has to be reached, all of it. */
export interface Aims {
  readonly kills: number;
  readonly powerLosses: number;
  readonly messages: number;
}

/** Ends of one generation: each begins with an empty disk, so that copying it at each end stays quick. */
const ENDS = 50;
/** Of five ends, one takes the power. */
const POWER = 0.2;
/** Milliseconds of load before an end, longer where many messages are asked for. */
const USUAL = [30, 1_000] as const;
const LONG = [30, 1_500] as const;

/** Generations of torture until every aim is met, or something was lost. @returns undefined without a C compiler */
export async function tortureAtLength(aims: Aims, say: (line: string) => void): Promise<Outcome | undefined> {
  const sum = { kills: 0, powerLosses: 0, acknowledged: 0, lost: 0, duplicated: 0, reordered: 0 };
  const broken = () => sum.lost + sum.duplicated + sum.reordered > 0;
  const left = () => ({
    kills: Math.max(0, aims.kills - sum.kills),
    powerLosses: Math.max(0, aims.powerLosses - sum.powerLosses),
    messages: Math.max(0, aims.messages - sum.acknowledged),
  });
  for (let rest = left(); rest.kills + rest.powerLosses + rest.messages > 0 && !broken(); rest = left()) {
    const ends = rest.kills + rest.powerLosses;
    const powerLosses = ends > 0 ? Math.min(rest.powerLosses, Math.ceil(ENDS * POWER)) : ENDS * POWER;
    const kills = ends > 0 ? Math.min(rest.kills, ENDS - powerLosses) : ENDS - powerLosses;
    const found = await torture({ kills, powerLosses, load: aims.messages > 0 ? LONG : USUAL });
    if (!found) return undefined;
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += found[key];
    say(`so far ${sum.kills} kills, ${sum.powerLosses} power losses, ${sum.acknowledged} acknowledged`);
  }
  return sum;
}

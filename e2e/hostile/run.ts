import type { AccountId, RoomId } from '@sotto/protocol';
import type { RawMember } from '../attacks/support/member.ts';
import { Attacker } from './attacker.ts';

/** What came of a run: how often each deed was answered how, and answers that there should not be. */
export interface Outcome {
  readonly told: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
}

/**
 * Hostile accounts who do whatever chance tells them, all at once.
 * @param seed the same makes the same choices, though not the same moments
 * @returns ends them, and tells what came of it
 */
export function unleash(
  members: readonly RawMember[],
  { seed, room, bystanders }: { seed: number; room: RoomId; bystanders: readonly AccountId[] },
): () => Promise<Outcome> {
  const accounts = members.map(({ account }) => account);
  const attackers = members.map((member, i) => {
    const fellows = accounts.filter((account) => account !== member.account);
    return new Attacker(member, { seed: seed + i, room, bystanders, fellows });
  });
  let goesOn = true;
  const all = Promise.all(attackers.map((attacker) => attacker.run(() => goesOn)));
  return async () => {
    goesOn = false;
    await all;
    const told = new Map<string, number>();
    for (const attacker of attackers)
      for (const [key, times] of attacker.told) told.set(key, (told.get(key) ?? 0) + times);
    return { told, faults: attackers.flatMap(({ faults }) => faults) };
  };
}

import type { VaultContent } from '@sotto/crypto';
import type { AccountId, RoomId } from '@sotto/protocol';

/** What a person decided about others, as their vault has it (K5). */
export type Decisions = Pick<VaultContent, 'blocked' | 'rooms'>;

export const NOTHING_DECIDED: Decisions = { blocked: [], rooms: [] };

/** One decision; a later one about the same takes its place. */
export type Decision =
  /** `said` null: as if nothing had been said. */
  | { readonly about: 'room'; readonly room: RoomId; readonly said: 'accepted' | 'declined' | null }
  | {
      readonly about: 'person';
      readonly account: AccountId;
      readonly name: string;
      readonly blocked: boolean;
    };

/** Declined rooms and blocked people that are remembered, the newest: the vault has an end. */
const REMEMBERED = 1_000;

const subjectOf = (decision: Decision): string =>
  decision.about === 'room' ? decision.room : decision.account;

/** What holds, as decisions once more. */
export const decisionsOf = ({ blocked, rooms }: Decisions): Decision[] => [
  ...rooms.map(
    ({ room, accepted }): Decision => ({ about: 'room', room, said: accepted ? 'accepted' : 'declined' }),
  ),
  ...blocked.map(({ account, name }): Decision => ({ about: 'person', account, name, blocked: true })),
];

/** Of each subject the newest. */
export function newest(decisions: readonly Decision[]): Decision[] {
  const bySubject = new Map<string, Decision>();
  for (const decision of decisions) {
    bySubject.delete(subjectOf(decision));
    bySubject.set(subjectOf(decision), decision);
  }
  return [...bySubject.values()];
}

/** Pure: what holds once these were decided on top. The same object where nothing changes. */
export function decided<T extends Decisions>(before: T, decisions: readonly Decision[]): T {
  const now = decisions.reduce<T>(decideOne, before);
  if (now === before) return before;
  const declined = now.rooms.filter(({ accepted }) => !accepted).slice(-REMEMBERED);
  const rooms = [...now.rooms.filter(({ accepted }) => accepted), ...declined];
  return { ...now, rooms, blocked: now.blocked.slice(-REMEMBERED) };
}

function decideOne<T extends Decisions>(before: T, decision: Decision): T {
  if (decision.about === 'room') {
    const { room, said } = decision;
    const accepted = said === null ? undefined : said === 'accepted';
    if (before.rooms.find((known) => known.room === room)?.accepted === accepted) return before;
    const others = before.rooms.filter((known) => known.room !== room);
    return { ...before, rooms: accepted === undefined ? others : [...others, { room, accepted }] };
  }
  const { account, name, blocked } = decision;
  const isBlocked = before.blocked.some((known) => known.account === account);
  if (isBlocked === blocked) return before;
  const others = before.blocked.filter((known) => known.account !== account);
  return { ...before, blocked: blocked ? [...others, { account, name }] : others };
}

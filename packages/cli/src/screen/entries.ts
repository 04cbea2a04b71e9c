import type { EngineState, Person, Room } from '@sotto/client';

/** One line of the list on the left. */
export type Entry =
  | { readonly type: 'room'; readonly key: string; readonly room: Room; readonly online: boolean | null }
  | { readonly type: 'person'; readonly key: string; readonly person: Person };

/** Conversations, newest first; then everybody with whom there is none yet, who is here first. */
export function entriesOf({ order, rooms, people, blocked }: EngineState): Entry[] {
  const listed = order.map((id) => rooms.get(id)).filter((room) => room !== undefined);
  const met = new Set(listed.map(({ peer }) => peer));
  const strangers = [...people.values()]
    .filter(({ account }) => !met.has(account) && !blocked.has(account))
    .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  return [
    ...listed.map((room): Entry => {
      const online = room.peer === null ? null : (people.get(room.peer)?.online ?? false);
      return { type: 'room', key: room.room, room, online };
    }),
    ...strangers.map((person): Entry => ({ type: 'person', key: person.account, person })),
  ];
}

/** The part of a list that fits, with the chosen line in it. */
export function windowOf<T>(
  lines: readonly T[],
  chosen: number,
  height: number,
): { from: number; lines: readonly T[] } {
  const from = Math.max(0, Math.min(chosen - Math.floor(height / 2), lines.length - height));
  return { from, lines: lines.slice(from, from + height) };
}

import type { EngineState, Person } from '@sotto/client';
import { matches } from './matching.ts';

/** Whom one may write to: everybody but who is blocked. */
export const withoutBlocked = (people: Iterable<Person>, blocked: EngineState['blocked']): Person[] =>
  [...people].filter(({ account }) => !blocked.has(account));

/** Who is there first, then by name. */
export function sortPeople(people: Iterable<Person>): readonly Person[] {
  return [...people].sort((a, b) =>
    a.online === b.online ? a.name.localeCompare(b.name) : a.online ? -1 : 1,
  );
}

export const filterPeople = (people: readonly Person[], query: string): readonly Person[] =>
  query === '' ? people : people.filter((person) => matches(person.name, query));

import { type AccountId, LIMITS } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { EpochCommit, Load, NewList, Store, StoredEntry } from '../store/store.ts';

const MOST: Load = {
  rooms: LIMITS.restoredRooms,
  people: LIMITS.restoredPeople,
  entries: LIMITS.restoredEntries,
  bytes: LIMITS.restoredBytes,
};

/** Bytes of the database that an entry takes beside its body: row, places in indexes, and its id there. */
const ENTRY = 512;
/** … that each member of a header takes, and each device of a list. */
const MEMBER = 256;
const DEVICE = 256;

export const weightOf = {
  entry: ({ body }: Pick<StoredEntry, 'body'>): number => body.length + ENTRY,
  header: ({ signed, members }: Pick<EpochCommit, 'signed' | 'members'>): number =>
    signed.length + ENTRY + members.length * MEMBER,
  list: ({ signed, devices }: NewList): number => signed.length + ENTRY + devices.length * DEVICE,
};

/**
 * Attack 46: bounds what the database grows by, before it does.
 * @throws Refused 'limit' for who brought all that one account may, 'quota' where the window's room is taken
 */
export async function charge(store: Store, by: AccountId, load: Partial<Load>): Promise<void> {
  const full = { rooms: 0, people: 0, entries: 0, bytes: 0, ...load };
  switch (await store.restores.charge(by, full, MOST)) {
    case 'charged':
      return;
    case 'account':
      throw new Refused('limit', 'You have brought back all that one account may here. Ask the operator.');
    case 'all':
      throw new Refused(
        'quota',
        'There is no room left for what comes back. Ask the operator to open a larger window.',
      );
  }
}

import type { AccountId } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import { recounted } from '../rooms/log/activity.ts';

/** What is new to read in the rooms that these people are in: they are heard of now, or no more. */
export async function recountUnread(
  { rows, consent }: Pick<EngineParts, 'rows' | 'consent'>,
  people: readonly AccountId[],
): Promise<void> {
  for (const { room, read, state } of rows.all()) {
    if (!state.header?.header.members.some(({ account }) => people.includes(account))) continue;
    await rows.updateAfter(room, read, (row, rest) => recounted(row, rest, consent));
  }
}

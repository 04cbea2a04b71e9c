import { deletedBy } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import type { Transaction } from '../../../seams/index.ts';
import { filesOf } from '../../files/shared.ts';
import type { EntryRow } from '../../rows.ts';

/** What is left of a message at rest; the deletion, which stands in the log too, says what it was. */
const SCRUBBED = { kind: 'unknown', name: 'deleted' } as const;

/** What its author deleted does not rest on this device any more, beside not being shown (attack 30: the author's word only). */
export async function scrubDeleted(
  tx: Transaction,
  room: RoomId,
  entries: readonly EntryRow[],
): Promise<void> {
  for (const { account, what } of entries) {
    const target = what.type === 'message' ? deletedBy(what.content) : null;
    const row = target === null ? undefined : await tx.get<EntryRow>('entries', [room, target]);
    if (row?.what.type !== 'message' || row.account !== account) continue;
    if (filesOf(row).length > 0) continue; // by it their copies here are found and deleted
    await tx.put('entries', [room, row.position], { ...row, what: { ...row.what, content: SCRUBBED } });
  }
}

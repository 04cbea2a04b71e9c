import type { RoomId } from '@sotto/protocol';
import type { Tabs } from '../../../seams/index.ts';
import type { EngineParts } from '../../parts.ts';
import { countUnread } from './activity.ts';

/** Everything up to `position` has been read, here or on another device of this account. */
export async function readTo(
  {
    consent,
    tabs,
    rows,
    receipts,
  }: Pick<EngineParts, 'consent' | 'rows' | 'receipts'> & { readonly tabs: Tabs },
  room: RoomId,
  position: number,
): Promise<void> {
  const row = rows.peek(room);
  if (!row || position <= row.read) return;
  const upTo = Math.min(position, row.state.position);
  // Read and counted in one transaction: what arrives in between would not be counted.
  await rows.updateAfter(room, upTo, (old, rest) =>
    upTo <= old.read ? old : { ...old, read: upTo, ...countUnread(rest, upTo, consent) },
  );
  tabs.announce({ type: 'room', room });
  receipts.schedule(room);
}

import type { RoomId } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import { countUnread } from './apply.ts';

/** Everything up to `position` has been read, here or on another device of this account. */
export async function readTo(
  { context, rows, marks }: Pick<EngineParts, 'context' | 'rows' | 'marks'>,
  room: RoomId,
  position: number,
): Promise<void> {
  const row = rows.peek(room);
  if (!row || position <= row.read) return;
  const upTo = Math.min(position, row.state.position);
  // Read and counted in one transaction: what arrives in between would not be counted.
  await rows.updateAfter(room, upTo, (old, rest) =>
    upTo <= old.read ? old : { ...old, read: upTo, ...countUnread(rest, upTo, context.keys.self.account) },
  );
  context.siblings.announce({ type: 'room', room });
  marks.schedule(room);
}

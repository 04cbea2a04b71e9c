import { createLeave } from '@sotto/crypto';
import { CommittedSchema, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { RoomContext } from '../context.ts';
import type { RoomSync } from '../log/sync.ts';
import type { RoomRows } from '../room-rows.ts';

/** R3: signs out of a room under its newest header; those who stay make the next epoch without this account. */
export async function leaveRoom(
  parts: { context: RoomContext; rows: RoomRows; sync: RoomSync },
  room: RoomId,
): Promise<void> {
  const { context, rows, sync } = parts;
  const { self, signing } = context.keys;
  for (let attempt = 1; ; attempt++) {
    await sync.sync(room);
    const row = rows.peek(room);
    const header = row?.state.header;
    if (!row || !header) throw new ClientError('not_found');
    if (row.standing !== 'member') return;
    const at = context.calls.serverTime();
    const { signed } = await createLeave({ account: self.account, device: self.device, at, header, signing });
    try {
      const answer = await context.calls.post(
        PATHS.leave(room),
        { leave: toBase64Url(signed) },
        CommittedSchema,
      );
      await sync.reach(room, answer.position);
      return;
    } catch (error) {
      // A newer header came in between: the statement is good for one header only.
      const again = error instanceof ClientError && ['epoch_conflict', 'stale_epoch'].includes(error.code);
      if (!again || attempt >= 5) throw error;
    }
  }
}

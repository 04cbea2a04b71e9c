import { createLeave } from '@sotto/crypto';
import { CommittedSchema, PATHS, type RoomId, toBase64Url } from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { RoomContext } from '../context.ts';
import type { RoomSync } from '../log/sync.ts';
import type { RoomRows } from '../room-rows.ts';

interface Needs extends Pick<RoomContext, 'calls' | 'keys'> {
  readonly rows: RoomRows;
  readonly sync: RoomSync;
}

/** R3: signs out of a room under its newest header; those who stay make the next epoch without this account. */
export async function leaveRoom({ calls, keys, rows, sync }: Needs, room: RoomId): Promise<void> {
  const { self, signing } = keys;
  for (let attempt = 1; ; attempt++) {
    await sync.sync(room);
    const row = rows.peek(room);
    const header = row?.state.header;
    if (!row || !header) throw new ClientError('not_found');
    if (row.standing !== 'member') return;
    const at = calls.serverTime();
    const { signed } = await createLeave({ account: self.account, device: self.device, at, header, signing });
    try {
      const answer = await calls.post(PATHS.leave(room), { leave: toBase64Url(signed) }, CommittedSchema);
      await sync.reach(room, answer.position);
      return;
    } catch (error) {
      // A newer header came in between: the statement is good for one header only.
      const again = error instanceof ClientError && ['epoch_conflict', 'stale_epoch'].includes(error.code);
      if (!again || attempt >= 5) throw error;
    }
  }
}

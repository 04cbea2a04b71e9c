import { counterName } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import { ClientError } from '../../../error.ts';
import type { RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';

/**
 * M2, attack 33: reserves counters on disk before anything is sealed with them; after a crash some are skipped,
 * none is used twice. Starts above what the log shows of this device.
 * @returns the first of `count` consecutive counters
 */
export async function takeCounters(
  context: Pick<RoomContext, 'keys'>,
  rows: Pick<RoomRows, 'update'>,
  room: RoomId,
  count: number,
): Promise<number> {
  const { account, device } = context.keys.self;
  const row = await rows.update(room, (old) => {
    const highest = Math.max(old.counter, old.state.counters[counterName(account, device)] ?? 0);
    return { ...old, counter: highest + count };
  });
  if (!row) throw new ClientError('not_found');
  return row.counter - count + 1;
}

import { counterName } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import type { RoomContext } from '../context.ts';
import type { RoomRows } from '../room-rows.ts';
import type { RoomSync } from './sync.ts';

interface Needs extends Pick<RoomContext, 'clock' | 'keys' | 'notify'> {
  readonly rows: Pick<RoomRows, 'peek'>;
  readonly sync: Pick<RoomSync, 'sync'>;
}

/**
 * M2, attack 33: what the server refused under this counter, was it that the log has this device's message under it, or
 * under a later one? Then a copy of this device runs elsewhere, and the user is told.
 */
export async function findCopy(
  { clock, keys, notify, rows, sync }: Needs,
  room: RoomId,
  counter: number,
): Promise<boolean> {
  await sync.sync(room);
  const { account, device } = keys.self;
  const used = rows.peek(room)?.state.counters[counterName(account, device)] ?? 0;
  if (used < counter) return false;
  const detail = 'messages that this program did not send carry counters of this device';
  const at = clock.now();
  notify({ rule: 'M2', code: 'replayed', kind: 'copied-device', account, detail, at }, null);
  return true;
}

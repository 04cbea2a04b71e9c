import type { FrameOf } from '@sotto/protocol';
import type { RoomContext } from '../rooms/context.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { SelfRow } from '../rows.ts';
import { provesRemoval } from './removal.ts';

interface Leaving extends Pick<RoomContext, 'directory' | 'tabs'> {
  readonly rows: RoomRows;
  close(): Promise<void>;
}

/**
 * Attack 34: the account signed this device off, so what rested here goes, in all tabs.
 * @returns false where the server's word alone says so: nothing is erased then
 */
export async function takeFarewell(
  parts: Leaving,
  { bye, self, erase }: { bye: FrameOf<'bye'>; self: SelfRow; erase(): Promise<void> },
): Promise<boolean> {
  if (!(await provesRemoval(bye, self, await parts.directory.ownList()))) return false;
  parts.tabs.announce({ type: 'erased' });
  await parts.close();
  parts.rows.clear();
  await erase();
  return true;
}

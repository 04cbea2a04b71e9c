import type { FrameOf } from '@sotto/protocol';
import type { EngineParts } from '../parts.ts';
import type { SelfRow } from '../rows.ts';
import { provesRemoval } from './removal.ts';

type Leaving = Pick<EngineParts, 'context' | 'directory' | 'rows'> & { close(): Promise<void> };

/**
 * Attack 34: the account signed this device off, so what rested here goes, in all tabs.
 * @returns false where the server's word alone says so: nothing is erased then
 */
export async function takeFarewell(
  parts: Leaving,
  { bye, self, erase }: { bye: FrameOf<'bye'>; self: SelfRow; erase(): Promise<void> },
): Promise<boolean> {
  if (!(await provesRemoval(bye, self, await parts.directory.ownList()))) return false;
  parts.context.tabs.announce({ type: 'erased' });
  await parts.close();
  parts.rows.clear();
  await erase();
  return true;
}

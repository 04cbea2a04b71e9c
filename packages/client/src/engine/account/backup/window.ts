import { ClientError } from '../../../error.ts';
import type { Transport } from '../../../seams/index.ts';
import { askInfo } from '../../calls.ts';

/**
 * Attack 46: a server takes nothing back unless its operator opened a window for it. Asked before a large file is read.
 * @throws ClientError 'restore_closed', 'unreachable'
 */
export async function demandWindow(transport: Transport): Promise<void> {
  if ((await askInfo(transport)).restoring === null) throw new ClientError('restore_closed');
}

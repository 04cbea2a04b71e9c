import { type Bytes, equalBytes } from '@sotto/protocol';
import { ClientError } from '../error.ts';

/**
 * What was seen is what is accepted (attack 39): a confirmation names the value that was shown to the person. Between
 * showing and pressing a server has time to put another one there.
 * @param now what it would be done to; null for nothing
 * @throws ClientError 'not_current' where that is not what was shown
 */
export function confirmed(shown: Bytes, now: Bytes | null): void {
  if (!now || !equalBytes(shown, now)) throw new ClientError('not_current');
}

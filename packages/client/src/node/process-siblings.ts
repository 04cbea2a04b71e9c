import { BroadcastChannel } from 'node:worker_threads';
import { broadcastSiblings } from '../broadcast-siblings.ts';
import type { Siblings } from '../seams/environment.ts';

/**
 * Lets several engines of one account in this process hear each other (E4).
 * @param scope what they share, such as an account's directory
 */
export function processSiblings(scope: string): Siblings {
  const channel = new BroadcastChannel(`sotto-${scope}`);
  // Listening alone is no reason for the process to live on.
  channel.unref();
  return broadcastSiblings(channel);
}

import { BroadcastChannel } from 'node:worker_threads';
import { broadcastTabs } from '../broadcast-tabs.ts';
import type { Tabs } from '../seams/environment.ts';

/**
 * Lets several engines of one account in this process hear each other (E4).
 * @param scope what they share, such as an account's directory
 */
export function processTabs(scope: string): Tabs {
  const channel = new BroadcastChannel(`sotto-${scope}`);
  // Listening alone is no reason for the process to live on.
  channel.unref();
  return broadcastTabs(channel);
}

import type { TabChange, Tabs } from './seams/environment.ts';

/** What browsers and Node both offer as BroadcastChannel. */
interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  close(): void;
}

/**
 * Changes of one account, told to every other one that listens on the same channel (E4), never to the
 * sender itself.
 */
export function broadcastTabs(channel: Channel): Tabs {
  const listeners = new Set<(change: TabChange) => void>();
  let closed = false;
  channel.addEventListener('message', ({ data }) => {
    const change = parseChange(data);
    if (closed || !change) return;
    for (const listener of listeners) listener(change);
  });
  return {
    announce(change) {
      if (!closed) channel.postMessage(change);
    },
    onChange(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own = (change: TabChange) => listener(change);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    close() {
      closed = true;
      channel.close();
    },
  };
}

/** @returns undefined for what a tab of another version of this app says */
function parseChange(data: unknown): TabChange | undefined {
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined;
  const room = 'room' in data && typeof data.room === 'string' ? data.room : undefined;
  switch (data.type) {
    case 'room':
    case 'outbox':
      return room === undefined ? undefined : { type: data.type, room };
    case 'people':
    case 'files':
    case 'erased':
      return { type: data.type };
    default:
      return undefined;
  }
}

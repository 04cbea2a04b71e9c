import type { Bus, EventOf, Topic } from './bus.ts';

type Receiver = (event: never) => void;

/**
 * The bus of a single process: delivers before `publish` returns, so that what one commit causes goes out
 * in one write per connection. `onError` hears of a subscriber that threw; the others still get the event.
 */
export function createInProcessBus(onError: (error: unknown) => void): Bus {
  const topics = new Map<Topic, Set<Receiver>>();
  return {
    publish<T extends Topic>(topic: T, event: EventOf<T>) {
      for (const receive of [...(topics.get(topic) ?? [])] as ((event: EventOf<T>) => void)[]) {
        if (!topics.get(topic)?.has(receive)) continue; // ended by one before it
        try {
          receive(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe<T extends Topic>(topic: T, receive: (event: EventOf<T>) => void) {
      const own: (event: EventOf<T>) => void = (event) => receive(event);
      const receivers = topics.get(topic) ?? new Set<Receiver>();
      topics.set(topic, receivers.add(own));
      return () => {
        receivers.delete(own);
        if (receivers.size === 0 && topics.get(topic) === receivers) topics.delete(topic);
      };
    },
    async close() {
      topics.clear();
    },
  };
}

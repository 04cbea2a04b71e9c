import type { AccountId, Presence } from '@sotto/protocol';
import { expect, test, vi } from 'vitest';
import { PresenceNews } from '../src/realtime/presence-news.ts';
import { randomId } from './support/signing.ts';

test('[attack 37] one who comes is told at once, a crowd in one frame, and only the newest of each', () => {
  vi.useFakeTimers();
  try {
    const told: Presence[][] = [];
    const news = new PresenceNews((people) => told.push(people));
    const person = (online: boolean): Presence => ({ account: randomId<AccountId>(), online, seen: null });
    const first = person(true);
    news.add(first);
    expect(told).toEqual([[first]]);
    const crowd = Array.from({ length: 1_000 }, () => person(true));
    for (const one of crowd) news.add(one);
    const [back, ...others] = crowd as [Presence, ...Presence[]];
    news.add({ ...back, online: false });
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(told.slice(1)).toEqual([[{ ...back, online: false }, ...others]]);
    news.add(first);
    expect(told.at(-1)).toEqual([first]); // quiet before, so at once again
  } finally {
    vi.useRealTimers();
  }
});

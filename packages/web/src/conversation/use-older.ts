import type { Timeline, TimelineState } from '@sotto/client';
import { type RefObject, useCallback, useEffect } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useRun } from '../app/services.tsx';

/** Older messages are fetched before the user gets to the top, CSS pixels. */
export const FETCH_AHEAD = 600;

/** Fetches older messages when asked, and without being asked where there is too little to fill the screen. */
export function useOlder(
  list: RefObject<VirtualizerHandle | null>,
  { state, timeline, placed }: { state: TimelineState; timeline: Timeline; placed: boolean },
): () => void {
  const run = useRun();
  const count = state.items.length;
  const fetchOlder = useCallback(() => {
    if (state.hasOlder && !state.loadingOlder) run(timeline.loadOlder());
  }, [state.hasOlder, state.loadingOlder, timeline, run]);
  useEffect(() => {
    const handle = list.current;
    const fills =
      !handle || handle.viewportSize === 0 || handle.scrollSize >= handle.viewportSize + FETCH_AHEAD;
    if (count === 0 || (placed && !fills)) fetchOlder();
  }, [count, placed, list, fetchOlder]);
  return fetchOlder;
}

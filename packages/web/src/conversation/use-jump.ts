import type { Timeline, TimelineState } from '@sotto/client';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useRun } from '../app/services.tsx';
import type { Row } from './rows.ts';

/** Pages fetched to find a message of a search, at most. */
const SEARCHED_PAGES = 40;

/** Brings the message at a log position to the middle, fetching what lies between. */
export function useJump({
  list,
  rows,
  state,
  timeline,
  at,
  stick,
  opening,
}: {
  list: RefObject<VirtualizerHandle | null>;
  rows: readonly Row[];
  state: TimelineState;
  timeline: Timeline;
  at: number | null;
  stick: RefObject<boolean>;
  opening: RefObject<boolean>;
}): void {
  const run = useRun();
  const [done, setDone] = useState<number | null>(null);
  const pages = useRef(0);
  useEffect(() => {
    if (at === null) setDone(null);
    if (at === null || done === at || state.items.length === 0) return;
    const index = rows.findIndex((row) => row.type === 'message' && row.item.position === at);
    if (index >= 0) {
      stick.current = false;
      opening.current = false;
      list.current?.scrollToIndex(index, { align: 'center' });
      pages.current = 0;
      setDone(at);
      return;
    }
    const before = (state.items.find((item) => item.position !== null)?.position ?? 0) > at;
    if (before && state.hasOlder && pages.current < SEARCHED_PAGES) {
      if (state.loadingOlder) return;
      pages.current += 1;
      run(timeline.loadOlder());
    } else {
      setDone(at);
    }
  }, [at, done, rows, state, timeline, list, stick, opening, run]);
}

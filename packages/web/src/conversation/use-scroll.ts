import type { Timeline, TimelineState } from '@sotto/client';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from './rows.ts';
import { countAfter, placeOf, sticks } from './scroll-place.ts';
import { useFollow } from './use-follow.ts';
import { useGesture } from './use-gesture.ts';
import { useJump } from './use-jump.ts';
import { FETCH_AHEAD, useOlder } from './use-older.ts';

/** Where the list stands: opens at the first unread message, stays at the end, keeps its place otherwise. */
export function useScroll({
  list,
  scroller,
  rows,
  state,
  timeline,
  at,
}: {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  rows: readonly Row[];
  state: TimelineState;
  timeline: Timeline;
  at: number | null;
}) {
  const last = useRef({ top: 0, height: 0 });
  const [atEnd, setAtEnd] = useState(false);
  const [away, setAway] = useState(false);
  const [seenLast, setSeenLast] = useState<string | null>(null);
  const lastKey = rows.at(-1)?.key ?? null;
  const gesture = useGesture(scroller);
  const { placed, stick, opening, follow, isSettled } = useFollow({ list, scroller, rows, atEnd });
  const fetchOlder = useOlder(list, { state, timeline, placed });

  const toEnd = useCallback(() => {
    stick.current = true;
    follow();
  }, [stick, follow]);

  const measure = useCallback(() => {
    const handle = list.current;
    if (!handle || handle.viewportSize === 0) return;
    const place = placeOf(handle.scrollSize - handle.scrollOffset - handle.viewportSize);
    setAtEnd(place.end);
    setAway(place.away);
    if (place.end) setSeenLast(lastKey);
  }, [list, lastKey]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, scrollHeight: height } = element;
    const before = last.current;
    last.current = { top, height };
    if (!placed) return;
    const byHand = gesture() || isSettled();
    stick.current = sticks(stick.current, { before, now: last.current, room: element.clientHeight, byHand });
    if (gesture()) opening.current = false;
    measure();
    if (top < FETCH_AHEAD && !stick.current) fetchOlder();
  }, [placed, scroller, gesture, isSettled, stick, opening, measure, fetchOlder]);

  const onResize = useCallback(() => {
    follow();
    // Once more when the new sizes are on the page.
    requestAnimationFrame(follow);
    measure();
  }, [follow, measure]);

  useEffect(() => {
    if (placed) measure();
  }, [placed, measure]);

  useJump({ list, rows, state, timeline, at, stick, opening });
  /** Messages that arrived below while away. */
  const below = atEnd ? 0 : countAfter(rows, seenLast);
  return { onScroll, onResize, toEnd, atEnd, away, below, placed };
}

import type { Timeline, TimelineState } from '@sotto/client';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useRun } from '../app/services.tsx';
import type { Row } from './rows.ts';
import { countAfter, placeOf, sticks } from './scroll-place.ts';
import { useGesture } from './use-gesture.ts';
import { useJump } from './use-jump.ts';

/** Older messages are fetched before the user gets to the top. */
const FETCH_AHEAD = 600;
/** What stays visible above the line of new messages where a conversation opens. */
const ABOVE_NEW = 48;
/** Milliseconds: as long sizes settle after the list was placed, or was moved because of what arrived. */
const SETTLING = 500;

export interface Scroll {
  readonly onScroll: (offset: number) => void;
  readonly onResize: () => void;
  readonly toEnd: () => void;
  /** At the end: what arrives is seen. */
  readonly atEnd: boolean;
  readonly away: boolean;
  /** Messages that arrived below while away. */
  readonly below: number;
  readonly placed: boolean;
}

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
}): Scroll {
  const run = useRun();
  const stick = useRef(true);
  const last = useRef({ top: 0, height: 0 });
  const [placed, setPlaced] = useState(false);
  const [atEnd, setAtEnd] = useState(false);
  const [away, setAway] = useState(false);
  const [seenLast, setSeenLast] = useState<string | null>(null);
  const lastKey = rows.at(-1)?.key ?? null;

  const gesture = useGesture(scroller);
  /** Where it opened at the line of new messages: kept there until sizes settled, or somebody or something moves it. */
  const opening = useRef(false);
  const newLine = useRef(-1);
  newLine.current = rows.findIndex((row) => row.type === 'new');
  const moved = useRef(Number.NEGATIVE_INFINITY);

  // By the element itself: virtua would go on scrolling for a while, against who scrolls away and against what arrives.
  const follow = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (stick.current) element.scrollTop = element.scrollHeight;
    else if (opening.current && newLine.current >= 0 && list.current) {
      element.scrollTop = list.current.getItemOffset(newLine.current) - ABOVE_NEW;
    } else return;
    moved.current = performance.now();
  }, [scroller, list]);

  const toEnd = useCallback(() => {
    stick.current = true;
    follow();
  }, [follow]);

  const loadOlder = useCallback(() => {
    if (state.hasOlder && !state.loadingOlder) run(timeline.loadOlder());
  }, [state.hasOlder, state.loadingOlder, timeline, run]);

  // First placement: once there is something, at the new-messages line, else at the end.
  useLayoutEffect(() => {
    if (placed || state.items.length === 0) return;
    opening.current = newLine.current >= 0;
    stick.current = !opening.current;
    follow();
    setPlaced(true);
  }, [placed, state.items.length, follow]);

  useEffect(() => {
    if (!placed) return;
    const timer = setTimeout(() => {
      opening.current = false;
    }, SETTLING);
    return () => clearTimeout(timer);
  }, [placed]);

  // What is appended: follow it where the user is at the end, also by having opened there at messages that fit on the
  // screen, or wrote it.
  const lastRow = rows.at(-1);
  const ownLast = lastRow?.type === 'message' && lastRow.item.own && lastRow.item.position === null;
  const followed = useRef(lastKey);
  useLayoutEffect(() => {
    if (!placed || lastKey === null) return;
    if ((ownLast || atEnd) && followed.current !== lastKey) stick.current = true;
    followed.current = lastKey;
    follow();
  }, [placed, lastKey, ownLast, atEnd, follow]);

  const measure = useCallback(() => {
    const handle = list.current;
    if (!handle || handle.viewportSize === 0) return;
    const { end, away } = placeOf(handle.scrollSize - handle.scrollOffset - handle.viewportSize);
    setAtEnd(end);
    setAway(away);
    if (end) setSeenLast(lastKey);
  }, [list, lastKey]);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, scrollHeight: height } = element;
    const before = last.current;
    last.current = { top, height };
    if (!placed) return;
    const byHand = gesture() || performance.now() - moved.current > SETTLING;
    stick.current = sticks(stick.current, { before, now: last.current, room: element.clientHeight, byHand });
    if (gesture()) opening.current = false;
    measure();
    if (top < FETCH_AHEAD && !stick.current) loadOlder();
  }, [placed, scroller, gesture, measure, loadOlder]);

  const onResize = useCallback(() => {
    follow();
    // Once more when the new sizes are on the page.
    requestAnimationFrame(follow);
    measure();
  }, [follow, measure]);

  // Too little to fill the screen, or nothing yet: fetch without waiting for a scroll.
  useEffect(() => {
    if (state.items.length === 0) loadOlder();
    else if (placed) {
      measure();
      const handle = list.current;
      if (handle && handle.viewportSize > 0 && handle.scrollSize < handle.viewportSize + FETCH_AHEAD)
        loadOlder();
    }
  }, [state.items.length, placed, list, measure, loadOlder]);

  useJump({ list, rows, state, timeline, at, stick, opening });
  const below = atEnd ? 0 : countAfter(rows, seenLast);
  return { onScroll, onResize, toEnd, atEnd, away, below, placed };
}

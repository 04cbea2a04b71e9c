import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Row } from './rows.ts';

/** What stays visible above the line of new messages where a conversation opens. */
const ABOVE_NEW = 48;
/** Milliseconds: as long sizes settle after the list was placed, or was moved because of what arrived. */
const SETTLING = 500;

/** Keeps the list where it opened until sizes have settled, and at its end as long as it sticks there. */
export function useFollow({
  list,
  scroller,
  rows,
  atEnd,
}: {
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  rows: readonly Row[];
  atEnd: boolean;
}) {
  const [placed, setPlaced] = useState(false);
  const stick = useRef(true);
  /** Where it opened at the line of new messages: kept there until sizes settled, or somebody or something moves it. */
  const opening = useRef(false);
  const newLine = useRef(-1);
  newLine.current = rows.findIndex((row) => row.type === 'new');
  const moved = useRef(Number.NEGATIVE_INFINITY);
  const last = rows.at(-1);
  const lastKey = last?.key ?? null;
  const empty = rows.length < 2; // nothing but its top

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

  // First placement: once there is something, at the new-messages line, else at the end.
  useLayoutEffect(() => {
    if (placed || empty) return;
    opening.current = newLine.current >= 0;
    stick.current = !opening.current;
    follow();
    setPlaced(true);
  }, [placed, empty, follow]);

  useEffect(() => {
    if (!placed) return;
    const timer = setTimeout(() => {
      opening.current = false;
    }, SETTLING);
    return () => clearTimeout(timer);
  }, [placed]);

  // What is appended: follow it where the user is at the end, also by having opened there at messages that fit on the
  // screen, or wrote it.
  const ownLast = last?.type === 'message' && last.item.own && last.item.position === null;
  const followed = useRef(lastKey);
  useLayoutEffect(() => {
    if (!placed || lastKey === null) return;
    if ((ownLast || atEnd) && followed.current !== lastKey) stick.current = true;
    followed.current = lastKey;
    follow();
  }, [placed, lastKey, ownLast, atEnd, follow]);

  const isSettled = useCallback(() => performance.now() - moved.current > SETTLING, []);
  return { placed, stick, opening, follow, isSettled };
}

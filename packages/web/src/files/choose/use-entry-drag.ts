import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

/** Milliseconds a finger rests before it moves the entry and not the list. */
const HOLD = 300;
const TREMBLE = 8;

/** Moves an entry of the tray among the others: at once with a mouse, after a moment of rest with a finger. */
export function useEntryDrag({
  handle,
  index,
  count,
  onDrag,
}: {
  handle: RefObject<HTMLElement | null>;
  index: number;
  count: number;
  onDrag: (to: number) => void;
}) {
  const [dragged, setDragged] = useState(false);
  const active = useRef(false);
  const waiting = useRef<{ readonly timer: number; readonly x: number } | null>(null);
  useEffect(() => {
    const { current } = handle;
    // Once the entry is held, the list stays where it is.
    const keep = (event: TouchEvent) => {
      if (active.current) event.preventDefault();
    };
    current?.addEventListener('touchmove', keep, { passive: false });
    return () => current?.removeEventListener('touchmove', keep);
  }, [handle]);
  const begin = () => {
    active.current = true;
    setDragged(true);
  };
  const end = () => {
    if (waiting.current) window.clearTimeout(waiting.current.timer);
    waiting.current = null;
    active.current = false;
    setDragged(false);
  };
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0 || count < 2) return;
      if (event.pointerType === 'mouse') {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin();
      } else waiting.current = { timer: window.setTimeout(begin, HOLD), x: event.clientX };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const { current } = waiting;
      if (!active.current && current && Math.abs(event.clientX - current.x) > TREMBLE) end();
      if (!active.current) return;
      const to = placeUnder(event.currentTarget.closest('ul'), event.clientX);
      if (to !== null && to !== index) onDrag(to);
    },
    onPointerUp: end,
    onPointerCancel: end,
    // A finger that rests would also open the browser's menu of the picture.
    onContextMenu: (event: { preventDefault(): void }) => event.preventDefault(),
  };
  return { dragged, handlers };
}

/** Which of the entries the pointer is above. */
function placeUnder(list: Element | null, x: number): number | null {
  if (!list) return null;
  const place = [...list.children].findIndex((entry) => {
    const box = entry.getBoundingClientRect();
    return x >= box.left && x <= box.right;
  });
  return place < 0 ? null : place;
}

import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** Milliseconds after which what moves is no longer the hand's doing. */
const AFTER = 1_000;
const MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

/** Tells whether somebody scrolls an element: by wheel, touch, key, or a pointer that holds its scroll bar. */
export function useGesture(element: RefObject<HTMLElement | null>): () => boolean {
  const last = useRef(Number.NEGATIVE_INFINITY);
  const held = useRef(false);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const note = (event: Event) => {
      last.current = performance.now();
      if (event.type === 'pointerdown') held.current = true;
    };
    const letGo = (event: PointerEvent) => {
      if (event.buttons === 0) held.current = false; // of a scroll bar, browsers tell no release
    };
    for (const type of MOVES) target.addEventListener(type, note, { passive: true });
    for (const type of ['pointerup', 'pointermove', 'pointercancel'] as const)
      window.addEventListener(type, letGo);
    return () => {
      for (const type of MOVES) target.removeEventListener(type, note);
      for (const type of ['pointerup', 'pointermove', 'pointercancel'] as const)
        window.removeEventListener(type, letGo);
    };
  }, [element]);
  return useCallback(() => held.current || performance.now() - last.current < AFTER, []);
}

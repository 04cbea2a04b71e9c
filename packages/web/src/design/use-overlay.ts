import { useEffect, useId, useRef } from 'react';

const overlaysNow = (): readonly string[] => {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'overlays' in state
    ? (state.overlays as string[])
    : [];
};

/** Of this page: what a reload finds in the history is nobody's. */
const page = crypto.randomUUID();
const open = new Set<string>();
/** Milliseconds after which a step back that leads nowhere, of which no browser tells, holds nobody up any more. */
const UNTAKEN = 1_000;
/** A step back that was asked for and is not taken yet. */
let leaving = false;

/** Steps of the history that lie above the page: a new place takes them over. */
export const stepsAbove = (): number => overlaysNow().length;

const waiting: (() => void)[] = [];

/** Changes the history, once a step back that is under way was taken. */
export function inHistory(change: () => void): void {
  if (leaving) waiting.push(change);
  else change();
}

/** Goes back, which closes nothing by itself: whoever asks for it has closed what it leaves. */
export function stepBack(steps: number): void {
  leaving = true;
  const taken = () => {
    window.removeEventListener('popstate', later);
    clearTimeout(never);
    leaving = false;
    for (const change of waiting.splice(0)) inHistory(change);
  };
  const later = () => setTimeout(taken); // whoever hears of it hears first that it was asked for
  const never = setTimeout(taken, UNTAKEN);
  window.addEventListener('popstate', later);
  history.go(-steps);
}

/** Takes the place of what has just closed, else lies above what is there. */
function push(id: string): void {
  const below = overlaysNow().filter((other) => open.has(other) && other !== id);
  const state = { ...history.state, overlays: [...below, id] };
  if (below.length < overlaysNow().length) history.replaceState(state, '');
  else history.pushState(state, '');
}

/**
 * What lies above the page is a step of the history: going back closes it, and closing it goes back.
 *
 * @param keeps it is shown only once: going back does not close it
 */
export function useOverlay(shown: boolean, onClose: () => void, keeps = false): void {
  const id = `${page} ${useId()}`;
  const left = useRef(onClose);
  left.current = keeps ? () => push(id) : onClose;
  useEffect(() => {
    if (!shown) return;
    open.add(id);
    let gone = false;
    const moved = ({ isTrusted }: PopStateEvent) => {
      // Who navigates closes what they mean to; only a step back that somebody takes closes by itself.
      if (isTrusted && !leaving && !overlaysNow().includes(id)) left.current();
    };
    inHistory(() => {
      if (gone) return;
      if (!overlaysNow().includes(id)) push(id);
      window.addEventListener('popstate', moved);
    });
    return () => {
      gone = true;
      window.removeEventListener('popstate', moved);
      open.delete(id);
      // Later: what is shown again at once keeps its step, and who navigates while closing takes it over.
      queueMicrotask(() => {
        if (!open.has(id) && overlaysNow().at(-1) === id) stepBack(1);
      });
    };
  }, [shown, id]);
}

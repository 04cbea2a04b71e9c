import { useCallback, useEffect, useRef } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { draftStored, rescueDraft } from './draft-rescue.ts';

const PAUSE = 400;

/** Stores what is being written after a short pause, and at once when the conversation or the page closes. */
export function useDraft(room: RoomId): (text: string) => void {
  const engine = useEngine();
  const run = useRun();
  const pending = useRef<{ text: string; timer: number } | null>(null);

  const flush = useCallback(() => {
    if (!pending.current) return;
    const { text, timer } = pending.current;
    window.clearTimeout(timer);
    pending.current = null;
    const stored = engine.setDraft(room, text);
    run(stored.then(() => draftStored({ account: engine.account, room }, text)));
  }, [engine, room, run]);

  useEffect(() => {
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [flush]);

  return useCallback(
    (text) => {
      if (pending.current) window.clearTimeout(pending.current.timer);
      pending.current = { text, timer: window.setTimeout(flush, PAUSE) };
      rescueDraft({ account: engine.account, room }, text);
    },
    [engine, room, flush],
  );
}

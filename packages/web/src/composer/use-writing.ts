import { useEffect, useMemo, useRef } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { Writing } from './writing.ts';

/** What is being written in a conversation; stored at once when the conversation or the page closes. */
export function useWriting(room: RoomId): Writing {
  const engine = useEngine();
  const run = useRun();
  const report = useRef(run); // it changes with the language, and what is being written does not
  report.current = run;
  const writing = useMemo(() => new Writing(engine, room, (work) => report.current(work)), [engine, room]);
  useEffect(() => {
    const flush = () => run(writing.flush());
    const unfollow = writing.follow();
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      unfollow();
      window.removeEventListener('pagehide', flush);
      document.removeEventListener('visibilitychange', flush);
      flush();
    };
  }, [writing, run]);
  return writing;
}

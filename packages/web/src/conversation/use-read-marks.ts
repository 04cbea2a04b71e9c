import type { TimelineState } from '@sotto/client';
import { useEffect, useRef } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { useWatching } from '../app/environment.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { newestPosition } from './rows.ts';

/** Marks as read what was on the screen: visible page, focused, scrolled to the end. */
export function useReadMarks({
  room,
  state,
  atEnd,
  placed,
}: {
  room: RoomId;
  state: TimelineState;
  atEnd: boolean;
  placed: boolean;
}): void {
  const engine = useEngine();
  const run = useRun();
  const watching = useWatching();
  const marked = useRef(0);
  const newest = newestPosition(state.items);
  useEffect(() => {
    if (!watching || !atEnd || !placed || newest <= marked.current) return;
    marked.current = newest;
    run(engine.messages.markRead(room, newest));
  }, [engine, run, room, watching, atEnd, placed, newest]);
}

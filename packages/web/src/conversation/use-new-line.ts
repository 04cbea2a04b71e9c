import type { TimelineState } from '@sotto/client';
import { useRef, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { isWatching } from '../app/environment.ts';
import type { RoomId } from '../app/types.ts';
import { firstUnread } from './rows.ts';

/**
 * Above which item the new-messages line stands. Fixed when the conversation opens; set again for the
 * first message that arrives while nobody looks; gone once the user writes.
 */
export function useNewLine(room: RoomId, state: TimelineState): string | null {
  const engine = useEngine();
  const unread = useRef(engine.state.rooms.get(room)?.unread ?? 0);
  const [line, setLine] = useState<string | null>(null);
  const [seen, setSeen] = useState<TimelineState['items'] | null>(null);

  if (state.items !== seen && state.items.length > 0) {
    const newest = state.items.at(-1);
    const before = seen?.at(-1)?.key;
    setSeen(state.items);
    if (seen === null) {
      setLine(firstUnread(state.items, state.readAtOpen, unread.current));
    } else if (newest && newest.key !== before && newest.type === 'message') {
      if (newest.own && newest.position === null) setLine(null);
      else if (!newest.own && line === null && !isWatching()) setLine(newest.key);
    }
  }
  return line;
}

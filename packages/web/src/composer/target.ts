import type { Draft, MessageItem } from '@sotto/client';
import { useMemo } from 'react';
import { useTimeline } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';

/** The message that one answers or edits while writing. */
export interface ComposerTarget {
  readonly kind: 'reply' | 'edit';
  readonly position: number;
  /** As it is now; undefined where it is further back than what is loaded. */
  readonly item: MessageItem | undefined;
}

export function useTarget(room: RoomId, { edit, reply }: Draft): ComposerTarget | null {
  const { items } = useTimeline(room).state;
  const position = edit?.position ?? reply;
  const item = useMemo(
    () => items.filter((each) => each.type === 'message').find((each) => each.position === position),
    [items, position],
  );
  return position === null ? null : { kind: edit ? 'edit' : 'reply', position, item };
}

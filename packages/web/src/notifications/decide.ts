import type { EngineState, IncomingMessage } from '@sotto/client';
import type { RoomId } from '../app/types.ts';
import type { Preferences } from '../settings/preferences.ts';

/** Whether a message may make itself noticed: not while it is seen, and muted ones only by a mention. */
export function isNoteworthy(
  message: Pick<IncomingMessage, 'room' | 'muted' | 'mentionsSelf'>,
  preferences: Preferences,
  looking: { readonly watching: boolean; readonly room: RoomId | null },
): boolean {
  if (looking.watching && looking.room === message.room) return false;
  return !message.muted || (message.mentionsSelf && preferences.mentionsBreakThrough);
}

/** The number on the tab and the app's icon: muted conversations count only where one is mentioned. */
export function badgeCount(rooms: EngineState['rooms'], preferences: Preferences): number {
  let count = 0;
  for (const room of rooms.values()) {
    if (!room.muted) count += room.unread;
    else if (preferences.mentionsBreakThrough) count += room.mentions;
  }
  return count;
}

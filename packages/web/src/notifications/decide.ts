import type { EngineState, IncomingMessage } from '@sotto/client';
import type { Preferences } from '../settings/preferences.ts';

/** Whether a message may make itself noticed: muted ones only by a mention. */
export const isNoteworthy = (
  { muted, mentionsSelf }: Pick<IncomingMessage, 'muted' | 'mentionsSelf'>,
  { mentionsBreakThrough }: Preferences,
): boolean => !muted || (mentionsSelf && mentionsBreakThrough);

/** The number on the tab and the app's icon: muted conversations count only where one is mentioned. */
export function badgeCount(rooms: EngineState['rooms'], preferences: Preferences): number {
  let count = 0;
  for (const room of rooms.values()) {
    if (!room.muted) count += room.unread;
    else if (preferences.mentionsBreakThrough) count += room.mentions;
  }
  return count;
}

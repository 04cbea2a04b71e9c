import { filesIn, type SharedFile, type TimelineItem } from '@sotto/client';
import type { RoomId } from '../../app/types.ts';
import type { Viewed } from '../read/place.ts';
import { isVisual } from '../types.ts';

/** All pictures and videos of the lines that are loaded, in their order, to be looked through. */
export function viewedOf(room: RoomId, items: readonly TimelineItem[]): readonly Viewed[] {
  return items.flatMap((item) =>
    item.type !== 'message'
      ? []
      : filesIn(item)
          .filter((file) => isVisual(file.type))
          .map((file) => ({
            room,
            position: item.position,
            item: file,
            account: item.account,
            time: item.time,
          })),
  );
}

/** The same from the list of files of a conversation. */
export const viewedOfShared = (files: readonly SharedFile[]): readonly Viewed[] =>
  files
    .filter(({ file }) => isVisual(file.type))
    .map(({ file, room, position, account, time }) => ({ room, position, item: file, account, time }));

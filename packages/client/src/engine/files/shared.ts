import type { Attachment } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import type { SharedFile } from '../../files.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { EntryRow } from '../rows.ts';
import { fileItem } from './file-item.ts';

const PAGE = 500;

export const filesOf = ({ what }: EntryRow): readonly Attachment[] =>
  what.type === 'message' && what.content.kind === 'files' ? what.content.files : [];

/** Files of a conversation up to a position that are on this device and not deleted, newest first. */
export async function* filesUpTo(
  rooms: RoomRows,
  room: RoomId,
  upTo: number,
): AsyncGenerator<{ readonly entry: EntryRow; readonly attachment: Attachment }> {
  /** Positions with who wants them deleted: only the author's word counts (attack 30). */
  const deleted = new Set<string>();
  for (let to = upTo; to > 0; ) {
    const page = await rooms.lastEntries(room, to, PAGE);
    for (const entry of page.toReversed()) {
      const { position, account, what } = entry;
      if (what.type !== 'message') continue;
      if (what.content.kind === 'delete') deleted.add(`${what.content.target}/${account}`);
      if (deleted.has(`${position}/${account}`)) continue;
      for (const attachment of filesOf(entry)) yield { entry, attachment };
    }
    to = (page[0]?.position ?? 1) - 1;
  }
}

/** The files of a conversation for a view of them, newest first. */
export async function sharedFiles(rooms: RoomRows, room: RoomId, limit: number): Promise<SharedFile[]> {
  const found: SharedFile[] = [];
  if (limit <= 0) return found;
  for await (const { entry, attachment } of filesUpTo(rooms, room, rooms.peek(room)?.state.position ?? 0)) {
    const { position, account, time } = entry;
    found.push({ file: fileItem(attachment), room, position, account, time });
    if (found.length === limit) break;
  }
  return found;
}

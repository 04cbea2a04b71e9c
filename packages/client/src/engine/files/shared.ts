import type { Attachment } from '@sotto/crypto';
import type { RoomId } from '@sotto/protocol';
import type { SharedFile } from '../../files.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { EntryRow } from '../rows.ts';
import { fileItem } from './file-item.ts';

const PAGE = 500;

export const filesOf = ({ what }: EntryRow): readonly Attachment[] =>
  what.type === 'message' && what.content.kind === 'files' ? what.content.files : [];

/** The files of a conversation that are on this device and not deleted, newest first. */
export async function sharedFiles(rooms: RoomRows, room: RoomId, limit: number): Promise<SharedFile[]> {
  const found: SharedFile[] = [];
  /** Positions with who wants them deleted: only the author's word counts (attack 30). */
  const deleted = new Set<string>();
  let to = rooms.peek(room)?.state.position ?? 0;
  while (to > 0 && found.length < limit) {
    const page = await rooms.lastEntries(room, to, PAGE);
    for (const entry of page.toReversed()) {
      const { position, account, time, what } = entry;
      if (what.type !== 'message') continue;
      if (what.content.kind === 'delete') deleted.add(`${what.content.target}/${account}`);
      if (deleted.has(`${position}/${account}`)) continue;
      for (const file of filesOf(entry)) found.push({ file: fileItem(file), room, position, account, time });
    }
    to = (page[0]?.position ?? 1) - 1;
  }
  return found.slice(0, limit);
}

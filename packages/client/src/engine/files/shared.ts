import { type Attachment, deletedBy, fileLine, saidOf } from '@sotto/crypto';
import type { AccountId, RoomId } from '@sotto/protocol';
import type { SharedFile } from '../../files.ts';
import type { RoomRows } from '../rooms/room-rows.ts';
import type { EntryRow } from '../rows.ts';

const PAGE = 500;

export const filesOf = ({ what }: EntryRow): readonly Attachment[] =>
  what.type === 'message' ? (saidOf(what.content)?.files ?? []) : [];

/** Files of a conversation up to a position that are on this device and not deleted, newest first. */
async function* filesUpTo(
  rooms: Pick<RoomRows, 'lastEntries'>,
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
      const target = deletedBy(what.content);
      if (target !== null) deleted.add(`${target}/${account}`);
      if (deleted.has(`${position}/${account}`)) continue;
      for (const attachment of filesOf(entry)) yield { entry, attachment };
    }
    to = (page[0]?.position ?? 1) - 1;
  }
}

/** The files of a conversation for a view of them, newest first. @param hears attack 48: false of who is blocked */
export async function sharedFiles(
  rooms: Pick<RoomRows, 'lastEntries' | 'peek'>,
  { room, limit, hears }: { room: RoomId; limit: number; hears: (account: AccountId) => boolean },
): Promise<SharedFile[]> {
  const found: SharedFile[] = [];
  if (limit <= 0) return found;
  for await (const { entry, attachment } of filesUpTo(rooms, room, rooms.peek(room)?.state.position ?? 0)) {
    const { position, account, time } = entry;
    if (!hears(account)) continue;
    found.push({ file: fileLine(attachment), room, position, account, time });
    if (found.length === limit) break;
  }
  return found;
}

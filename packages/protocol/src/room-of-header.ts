import type { Bytes } from './bytes.ts';
import type { EpochHeader } from './epoch-header.ts';
import { directRoomInput, groupRoomInput, roomKind } from './room-id.ts';

/**
 * R1: what the id of a header's room is hashed from, by the header's own content: a direct room's by its two members, a group's
 * by the founder and profile of its first header; null where nothing in it says.
 */
export function roomInputOf({ room, epoch, author, members, profile }: EpochHeader): Bytes | null {
  const [a, b, ...others] = members;
  if (roomKind(room) === 'direct')
    return a && b && others.length === 0 ? directRoomInput(a.account, b.account) : null;
  return epoch === 1 && profile ? groupRoomInput(author.account, profile) : null;
}

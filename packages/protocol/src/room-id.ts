import { type Bytes, compareBytes, concat, utf8 } from './bytes.ts';
import { type AccountId, ID_BYTES, idBytes, idFromBytes, type RoomId } from './ids.ts';

export type RoomKind = 'direct' | 'group';

/** The first bit of a room's id: set in the id of a direct room, clear in that of a group. */
const DIRECT = 0x80;

/**
 * R1, attack 44: the id says of what kind a room is, and nothing else does. So the public id of a conversation of two
 * can never be that of a group, and a group's id never that of a conversation.
 */
export function roomKind(room: RoomId): RoomKind {
  return ((idBytes(room)[0] ?? 0) & DIRECT) === 0 ? 'group' : 'direct';
}

/** The id of a room of this kind. @param hash SHA-256 of `directRoomInput` or `groupRoomInput` */
export function roomFrom(kind: RoomKind, hash: Uint8Array): RoomId {
  const id = new Uint8Array(hash.subarray(0, ID_BYTES));
  id[0] = ((id[0] ?? 0) & ~DIRECT) | (kind === 'direct' ? DIRECT : 0);
  return idFromBytes<RoomId>(id);
}

/**
 * What a group's id is hashed from, attack 46: nobody but its founder makes it. @param profile hash of the first profile: the
 * salt in it makes a founder's groups differ
 */
export const groupRoomInput = (founder: AccountId, profile: Uint8Array): Bytes =>
  concat(utf8('sotto/v1/group\0'), idBytes(founder), profile);

/** What the id of the direct room of two accounts is hashed from: there is only one, whoever begins it. */
export function directRoomInput(a: AccountId, b: AccountId): Bytes {
  const [first, second] = [idBytes(a), idBytes(b)].sort(compareBytes) as [Bytes, Bytes];
  return concat(utf8('sotto/v1/direct\0'), first, second);
}

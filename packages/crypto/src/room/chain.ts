import {
  type AccountId,
  type Bytes,
  type ChainLink,
  chainGenesisInput,
  chainInput,
  directRoomInput,
  idFromBytes,
  type RoomId,
} from '@sotto/protocol';
import { sha256 } from '../primitives/digest.ts';

/** Chain hash before the first entry (position 0). */
export const chainGenesis = (room: RoomId): Promise<Bytes> => sha256(chainGenesisInput(room));

/** Chain hash at the link's position. */
export const chainNext = (previous: Bytes, link: ChainLink): Promise<Bytes> =>
  sha256(chainInput(previous, link));

/** Two accounts have exactly one direct room; its id follows from theirs. */
export async function directRoomId(a: AccountId, b: AccountId): Promise<RoomId> {
  return idFromBytes<RoomId>((await sha256(directRoomInput(a, b))).slice(0, 16));
}

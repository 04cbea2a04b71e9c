import {
  type AccountId,
  type Bytes,
  type ChainLink,
  chainGenesisInput,
  chainInput,
  directRoomInput,
  groupRoomInput,
  type RoomId,
  roomFrom,
} from '@sotto/protocol';
import { profileHash, type RoomProfile } from '../epoch/profile.ts';
import { sha256 } from '../primitives/digest.ts';

/** Chain hash before the first entry (position 0). */
export const chainGenesis = (room: RoomId): Promise<Bytes> => sha256(chainGenesisInput(room));

/** Chain hash at the link's position. */
export const chainNext = (previous: Bytes, link: ChainLink): Promise<Bytes> =>
  sha256(chainInput(previous, link));

/** Two accounts have exactly one direct room; its id follows from theirs. */
export async function directRoomId(a: AccountId, b: AccountId): Promise<RoomId> {
  return roomFrom('direct', await sha256(directRoomInput(a, b)));
}

/** The id of the group that an account founds under this profile, whose salt is new for every group. */
export const groupRoomId = async (founder: AccountId, profile: RoomProfile): Promise<RoomId> =>
  roomFrom('group', await sha256(groupRoomInput(founder, await profileHash(profile))));

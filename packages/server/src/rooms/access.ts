import type { AccountId, RoomId } from '@sotto/protocol';
import { Refused } from '../refusal.ts';
import type { RoomState, Standing, Store } from '../store/store.ts';

/** Attack 40: why nothing more goes into a log. */
export const FULL = 'The log of this conversation is at its end. Begin another one.';

/** What one account may read of a room's log: positions above `from`, up to and with `to`. */
export interface Access {
  readonly state: RoomState;
  readonly from: number;
  readonly to: number;
  readonly member: boolean;
}

/**
 * Attack 23: a member reads from where it came in, or everything where the policy says so; who is out
 * reads up to where it went.
 * @throws Refused 'not_member' for strangers, alike whether the room exists
 */
export async function accessOf(store: Store, room: RoomId, account: AccountId): Promise<Access> {
  const [state, membership] = [await store.rooms.state(room), await store.rooms.membership(room, account)];
  if (!state || !membership) throw new Refused('not_member');
  const member = membership.until === null;
  return {
    state,
    from: member && state.history === 'all' ? 0 : membership.start,
    to: membership.until ?? state.head,
    member,
  };
}

/** @throws Refused 'not_member' */
export async function demandMember(store: Store, room: RoomId, account: AccountId): Promise<Standing> {
  const standing = await store.rooms.standing(room, account);
  if (!standing) throw new Refused('not_member');
  return standing;
}

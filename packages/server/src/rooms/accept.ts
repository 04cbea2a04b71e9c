import { type AccountId, LIMITS, type RoomId } from '@sotto/protocol';
import { showPresence } from '../accounts/directory.ts';
import { Refused } from '../refusal.ts';
import type { Service } from '../service.ts';

/**
 * Attack 48: the account is in the room by its own doing from now on: it counts among its own rooms, and no longer against
 * who brought it in. Said again it is answered alike. @throws Refused 'not_member', 'limit'
 */
export async function acceptMembership(service: Service, room: RoomId, account: AccountId): Promise<void> {
  const result = await service.store.rooms.accept(room, account, LIMITS.rooms);
  if (result === 'limit') throw new Refused('limit', `An account can be in at most ${LIMITS.rooms} rooms.`);
  if (result === 'not_member') throw new Refused('not_member');
  await showPresence(service, account);
}

import type { Engine } from '@sotto/client';
import { navigate, roomRoute } from '../app/router.ts';
import type { AccountId } from '../app/types.ts';

/** Opens the conversation with somebody; where they asked for it, the request is to be answered first (attack 48). */
export async function openPerson(
  engine: Engine,
  person: { readonly account: AccountId; readonly name: string },
): Promise<void> {
  const asks = engine.state.requests.some(({ kind, by }) => kind === 'direct' && by === person.account);
  if (asks) navigate({ page: 'requests' });
  else navigate(roomRoute(await engine.rooms.openDirect(person)));
}

import { useMemo } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import type { AccountId } from '../app/types.ts';
import { ConversationItem } from '../list/ConversationItem.tsx';
import { useTexts } from '../texts/context.tsx';

/** Groups that both of us are in. */
export function SharedGroups({ account }: { account: AccountId }) {
  const texts = useTexts();
  const order = useEngineState((state) => state.order);
  const rooms = useEngineState((state) => state.rooms);
  const shared = useMemo(
    () =>
      order.filter((id) => {
        const room = rooms.get(id);
        return room?.kind === 'group' && room.members.some((m) => m.account === account);
      }),
    [order, rooms, account],
  );
  const t = texts.details;
  if (shared.length === 0) return null;
  return (
    <section className="details-section">
      <h3>{t.mutual}</h3>
      <ul aria-label={t.mutual} className="details-list">
        {shared.map((room) => (
          <ConversationItem key={room} room={room} selected={false} tabbable />
        ))}
      </ul>
    </section>
  );
}

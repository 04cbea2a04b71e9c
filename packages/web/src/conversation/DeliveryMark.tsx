import type { Delivery } from '@sotto/client';
import { useRoom } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { ClockIcon, DeliveredIcon, SentIcon, WarningIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { failureWords } from '../texts/errors.ts';
import type { Texts } from '../texts/texts.ts';

/** Waiting, sent, delivered, read: a small picture whose name says it in words. */
export function DeliveryMark({ room, delivery }: { room: RoomId; delivery: Delivery }) {
  const texts = useTexts();
  const members = useRoom(room)?.members.length ?? 2;
  const label = deliveryWords(texts, delivery);
  const all = delivery.state === 'read' && delivery.by.length >= Math.min(delivery.of, members - 1);
  return (
    <span
      className={`delivery ${delivery.state} ${all ? 'all' : ''}`}
      role="img"
      aria-label={label}
      title={label}
    >
      {markOf(delivery)}
    </span>
  );
}

export function deliveryWords(texts: Texts, delivery: Delivery): string {
  const t = texts.message;
  switch (delivery.state) {
    case 'waiting':
      return t.waiting;
    case 'failed':
      return t.failed({ reason: failureWords(texts, delivery) });
    case 'sent':
      return t.sent;
    case 'delivered':
      return t.delivered({ to: delivery.to, of: delivery.of });
    case 'read':
      return t.read({ by: delivery.by.length, of: delivery.of });
  }
}

function markOf(delivery: Delivery) {
  switch (delivery.state) {
    case 'waiting':
      return <ClockIcon size={15} />;
    case 'failed':
      return <WarningIcon size={15} />;
    case 'sent':
      return <SentIcon size={15} />;
    case 'delivered':
    case 'read':
      return <DeliveredIcon size={17} />;
  }
}

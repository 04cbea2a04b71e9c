import { editedAt, type MessageItem } from '@sotto/client';
import type { ReactNode } from 'react';
import { nameOf, useEngineState, useName } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { Dialog } from '../design/Dialog.tsx';
import { useTexts } from '../texts/context.tsx';
import { deliveryWords } from './DeliveryMark.tsx';

/** Everything known about one message. */
export function MessageDetails({
  room,
  item,
  onClose,
}: {
  room: RoomId;
  item: MessageItem;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.message;
  const edited = editedAt(item);
  const name = useName(item.account, room);
  const readers = useEngineState((state) =>
    item.delivery?.state === 'read'
      ? texts.local.and(
          item.delivery.by.map((account) => nameOf(texts, state, account, state.rooms.get(room))),
        )
      : '',
  );
  return (
    <Dialog title={t.details} onClose={onClose}>
      <dl className="facts">
        <Fact name={t.sender}>{name}</Fact>
        <Fact name={t.sentAt}>{texts.local.exact(item.time)}</Fact>
        {edited !== null && <Fact name={t.edited}>{texts.local.exact(edited)}</Fact>}
        {item.delivery && <Fact name={t.delivery}>{deliveryWords(texts, item.delivery)}</Fact>}
        {item.delivery?.state === 'read' && <Fact name={t.readBy}>{readers}</Fact>}
        <Fact name={t.position}>{item.position ?? t.waitingPlace}</Fact>
        <Fact name={t.device}>
          <code>{item.device}</code>
        </Fact>
        <Fact name={t.id}>
          <code>{item.id}</code>
        </Fact>
      </dl>
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

import { useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { navigate, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { ConfirmDialog } from '../design/Dialog.tsx';
import { useTexts } from '../texts/context.tsx';

/**
 * Attacks 8, 9: the server's log does not lead on from what this device knows, and no word of anybody makes it. What is here
 * stays; the same people go on in a group that begins anew.
 */
export function GoOnDialog({ room: id, onClose }: { room: RoomId; onClose: () => void }) {
  const texts = useTexts();
  const engine = useEngine();
  const t = texts.goOn;
  const [room] = useState(() => engine.state.rooms.get(id)); // the people of now, not of when it is pressed
  const goOn = async () => {
    if (!room) return;
    const members = room.members.map(({ account }) => account).filter((account) => account !== engine.id);
    const name =
      room.kind === 'group'
        ? t.name({ title: room.title })
        : t.nameOfTwo({ own: engine.state.self.name, other: room.title });
    navigate(roomRoute(await engine.rooms.createGroup({ name, topic: room.topic, members })));
  };
  return (
    <ConfirmDialog
      title={t.title}
      description={t.text}
      action={t.action}
      kind="primary"
      onConfirm={goOn}
      onClose={onClose}
    />
  );
}

import { useRoom } from '../../app/engine-context.tsx';
import type { RoomId } from '../../app/types.ts';
import { AttachIcon } from '../../design/icons.tsx';
import './drop.css';
import { useTexts } from '../../texts/context.tsx';

/** Where to let go, while files hover above the conversation. */
export function DropTarget({ room }: { room: RoomId }) {
  const texts = useTexts();
  const title = useRoom(room)?.title ?? '';
  return (
    <div className="drop-target">
      <div className="drop-words">
        <AttachIcon size={36} />
        <p>{texts.attach.drop({ title })}</p>
        <p className="soft small">{texts.attach.dropHint}</p>
      </div>
    </div>
  );
}

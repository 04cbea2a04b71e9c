import { useRoom } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { AttachIcon } from '../design/icons.tsx';
import { fileTexts } from '../texts/files.ts';
import './drop.css';

/** Where to let go, while files hover above the conversation. */
export function DropTarget({ room }: { room: RoomId }) {
  const title = useRoom(room)?.title ?? '';
  return (
    <div className="drop-target">
      <div className="drop-words">
        <AttachIcon size={36} />
        <p>{fileTexts.attach.drop(title)}</p>
        <p className="soft small">{fileTexts.attach.dropHint}</p>
      </div>
    </div>
  );
}

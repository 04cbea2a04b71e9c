import { useEngineState, useName } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { lineOf } from '../conversation/kinds/index.ts';
import { IconButton } from '../design/Button.tsx';
import { CloseIcon, EditIcon, ReplyIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import type { ComposerTarget } from './target.ts';

/** What is being answered or edited; Escape leaves it. */
export function TargetBar({
  room,
  target,
  onCancel,
}: {
  room: RoomId;
  target: ComposerTarget;
  onCancel: () => void;
}) {
  const texts = useTexts();
  const { item } = target;
  const self = useEngineState((state) => state.self.account);
  const name = useName(item?.account ?? self, room);
  const t = texts.composer;
  const edit = target.kind === 'edit';
  return (
    <div className="target-bar">
      {edit ? <EditIcon size={18} /> : <ReplyIcon size={18} />}
      <div className="target-lines">
        <strong>
          {edit || !item
            ? t[edit ? 'editing' : 'replyingBefore']
            : t.replying({ name: item.own ? texts.words.you : name })}
        </strong>
        <span>{item && lineOf(texts, item)}</span>
      </div>
      <IconButton
        label={edit ? t.cancelEdit : t.cancelReply}
        icon={<CloseIcon size={18} />}
        onClick={onCancel}
      />
    </div>
  );
}

import type { MessageItem, Reaction } from '@sotto/client';
import { nameOf, useEngineState } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { useTexts } from '../texts/context.tsx';
import { useActions } from './actions.tsx';

/** Who reacted how; a click adds or takes back one's own. */
export function Reactions({ room, item }: { room: RoomId; item: MessageItem }) {
  return (
    <div className="reactions">
      {item.reactions.map((reaction) => (
        <ReactionChip key={reaction.emoji} room={room} item={item} reaction={reaction} />
      ))}
    </div>
  );
}

function ReactionChip({ room, item, reaction }: { room: RoomId; item: MessageItem; reaction: Reaction }) {
  const texts = useTexts();
  const actions = useActions();
  const label = useEngineState((state) =>
    texts.message.reaction({
      emoji: reaction.emoji,
      names: texts.local.and(
        reaction.accounts.map((account) =>
          account === state.self.account
            ? texts.words.you
            : nameOf(texts, state, account, state.rooms.get(room)),
        ),
      ),
    }),
  );
  return (
    <button
      type="button"
      className="reaction"
      aria-pressed={reaction.own}
      aria-label={label}
      title={label}
      onClick={() => actions.react(item, reaction.emoji, !reaction.own)}
    >
      <span aria-hidden="true">{reaction.emoji}</span>
      {reaction.accounts.length > 1 && <span aria-hidden="true">{reaction.accounts.length}</span>}
    </button>
  );
}

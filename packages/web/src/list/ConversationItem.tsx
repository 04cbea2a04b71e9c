import type { EngineState, LastActivity, Room } from '@sotto/client';
import { memo } from 'react';
import { nameOf, useEngineState, usePerson, useRoom } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { formatRoute, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { ContainedItem } from '../contain/Contained.tsx';
import { eventWords, typingWords } from '../conversation/event-words.ts';
import { Avatar } from '../design/Avatar.tsx';
import { MutedIcon, WarningIcon } from '../design/icons.tsx';
import { summaryWords } from '../files/words.ts';
import { useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import { machineTime } from '../texts/time.ts';

/** One conversation in the list: who, what last, when, how much is new. */
export const ConversationItem = memo(function ConversationItem({
  room: id,
  selected,
  tabbable,
}: {
  room: RoomId;
  selected: boolean;
  tabbable: boolean;
}) {
  const room = useRoom(id);
  if (!room) return null;
  return (
    <ContainedItem of={room}>
      <Item room={room} selected={selected} tabbable={tabbable} />
    </ContainedItem>
  );
});

function Item({ room, selected, tabbable }: { room: Room; selected: boolean; tabbable: boolean }) {
  const texts = useTexts();
  const id = room.room;
  const peer = usePerson(room.peer);
  const preview = useEngineState((state) => previewOf(texts, state, room));
  const now = useNow(60_000);
  const t = texts.list;
  const typing = room.typing.length > 0;
  const written = room.draft.edit?.text ?? room.draft.text;
  const draft = !selected && written !== '' && !typing;
  return (
    <li className="conversation-item">
      <a
        data-item
        href={formatRoute(roomRoute(id))}
        tabIndex={tabbable ? 0 : -1}
        aria-current={selected ? 'page' : undefined}
      >
        <span className="item-lines">
          <span className="item-line">
            <bdi className="item-title">{room.title}</bdi>
            {room.muted && (
              <span className="item-mark" role="img" aria-label={t.muted}>
                <MutedIcon size={15} />
              </span>
            )}
            {room.last && (
              <time dateTime={machineTime(room.last.time)}>{texts.local.short(room.last.time, now)}</time>
            )}
          </span>
          <span className="item-line">
            {draft && <span className="item-draft">{t.draft}</span>}
            <span className={typing ? 'item-preview typing' : 'item-preview'}>
              {draft ? written : preview}
            </span>
            {room.security.state === 'attention' && (
              <span className="item-mark attention" role="img" aria-label={t.attention}>
                <WarningIcon size={16} />
              </span>
            )}
            {room.mentions > 0 && (
              <span className="badge mention" role="img" aria-label={t.mentions({ count: room.mentions })}>
                @
              </span>
            )}
            {room.unread > 0 && (
              <span
                className={room.muted ? 'badge muted' : 'badge'}
                role="img"
                aria-label={t.unread({ count: room.unread })}
              >
                {room.unread > 999 ? '999+' : room.unread}
              </span>
            )}
          </span>
        </span>
        {/* Shown first, read last: the name is what one listens for. */}
        <Avatar
          seed={peer?.identity ?? room.peer ?? id}
          name={room.title}
          shape={room.kind === 'group' ? 'group' : 'person'}
          online={peer?.online}
        />
      </a>
    </li>
  );
}

/** One line about what is going on or was last said. */
function previewOf(texts: Texts, state: EngineState, room: Room): string {
  const t = texts.list;
  if (room.typing.length > 0) {
    return typingWords(texts, state, room);
  }
  if (room.standing === 'left') return t.left;
  if (room.standing === 'removed') return t.removedYou;
  if (room.last) return lastWords(texts, state, room, room.last);
  return room.reading ? t.reading : t.noMessages;
}

function lastWords(texts: Texts, state: EngineState, room: Room, last: LastActivity): string {
  if (last.preview === null) {
    return last.event
      ? eventWords(texts, state, room, { account: last.account, event: last.event })
      : texts.list.unreadable;
  }
  if (last.blocked) return texts.blocking.message;
  const body = last.files
    ? summaryWords(texts, last.files, last.preview)
    : last.preview === ''
      ? texts.list.deleted
      : last.preview;
  if (last.account === state.self.account) return `${texts.list.you} ${body}`;
  if (room.kind === 'direct' || last.account === null) return body;
  return `${nameOf(texts, state, last.account, room)}: ${body}`;
}

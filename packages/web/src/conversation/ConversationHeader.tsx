import type { EngineState, Room } from '@sotto/client';
import { memo } from 'react';
import { useEngineState, usePerson, useRoom } from '../app/engine-context.tsx';
import { NARROW, useMedia, useNow } from '../app/environment.ts';
import { formatRoute, goBack, navigate, roomRoute } from '../app/router.ts';
import type { RoomId } from '../app/types.ts';
import { Avatar } from '../design/Avatar.tsx';
import { IconButton } from '../design/Button.tsx';
import { BackIcon, InfoIcon, LockIcon, ShieldIcon, WarningIcon } from '../design/icons.tsx';
import { aboutPerson } from '../list/PersonItem.tsx';
import { useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import { typingWords } from './event-words.ts';

/** Who this is with, what they are doing, and whether the line is safe. */
export const ConversationHeader = memo(function ConversationHeader({
  room: id,
  details,
}: {
  room: RoomId;
  details: boolean;
}) {
  const texts = useTexts();
  const room = useRoom(id);
  const peer = usePerson(room?.peer ?? null);
  const narrow = useMedia(NARROW);
  const now = useNow(60_000);
  const below = useEngineState((state) => (room ? belowTitle(texts, state, room, now) : ''));
  if (!room) return null;
  const typing = room.typing.length > 0;
  const toggle = () => {
    if (details) goBack(roomRoute(id));
    else navigate(roomRoute(id, { details: true }));
  };
  return (
    <header className="pane-head conversation-head">
      {narrow && (
        <IconButton
          label={texts.room.backToList}
          icon={<BackIcon />}
          onClick={() => goBack({ page: 'home' })}
        />
      )}
      <a
        className="head-link"
        href={formatRoute(roomRoute(id, { details: true }))}
        aria-label={texts.room.openDetails({ title: room.title })}
      >
        <Avatar
          seed={peer?.identity ?? room.peer ?? id}
          name={room.title}
          shape={room.kind === 'group' ? 'group' : 'person'}
          online={peer?.online}
        />
      </a>
      <div className="head-lines">
        <h1 id="conversation-title">
          <bdi>{room.title}</bdi>
        </h1>
        <p className={typing ? 'head-below typing' : 'head-below'}>{below}</p>
      </div>
      <SecurityMark room={room} />
      <IconButton label={texts.details.label} icon={<InfoIcon />} aria-expanded={details} onClick={toggle} />
    </header>
  );
});

/** One lock state per conversation; leads to where it can be changed. */
function SecurityMark({ room }: { room: Room }) {
  const texts = useTexts();
  const { state } = room.security;
  const mark = {
    verified: { label: texts.security.verified, icon: <ShieldIcon size={18} /> },
    unverified: { label: texts.security.unverified, icon: <LockIcon size={18} /> },
    attention: { label: texts.security.attention, icon: <WarningIcon size={18} /> },
  }[state];
  return (
    <button
      type="button"
      className={`security-mark ${state}`}
      onClick={() => navigate(roomRoute(room.room, { details: true }))}
    >
      {mark.icon}
      <span className="security-word">{mark.label}</span>
    </button>
  );
}

function belowTitle(texts: Texts, state: EngineState, room: Room, now: number): string {
  if (room.typing.length > 0) {
    return typingWords(texts, state, room);
  }
  const peer = room.peer === null ? undefined : state.people.get(room.peer);
  if (peer) return aboutPerson(texts, peer, now);
  if (room.kind === 'direct') return '';
  const online = room.members.filter((m) => state.people.get(m.account)?.online).length;
  const members = texts.room.members({ count: room.members.length });
  return online > 0 ? `${members}, ${texts.room.online({ count: online })}` : members;
}

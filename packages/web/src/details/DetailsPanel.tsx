import { type KeyboardEvent, Suspense, useEffect, useRef } from 'react';
import { useEngine, usePerson, useRoom } from '../app/engine-context.tsx';
import { useNow } from '../app/environment.ts';
import { goBack, roomRoute } from '../app/router.ts';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { ContainedPart } from '../contain/Contained.tsx';
import { Avatar } from '../design/Avatar.tsx';
import { IconButton } from '../design/Button.tsx';
import { Switch } from '../design/Field.tsx';
import { CloseIcon } from '../design/icons.tsx';
import { FilesSection } from '../files/later.ts';
import { presenceWords } from '../list/PersonItem.tsx';
import { BlockButton } from '../requests/BlockButton.tsx';
import { GroupSections } from './GroupSections.tsx';
import { SecuritySection } from './SecuritySection.tsx';
import { SharedGroups } from './SharedGroups.tsx';
import './details.css';
import { useTexts } from '../texts/context.tsx';

/** Who is in the conversation, how safe it is, and what can be changed. */
export function DetailsPanel({ room: id, covering }: { room: RoomId; covering: boolean }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const room = useRoom(id);
  const peer = usePerson(room?.peer ?? null);
  const now = useNow(60_000);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  if (!room) return null;
  const t = texts.details;
  const back = () => goBack(roomRoute(id));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) back();
  };
  return (
    <aside className="details-panel" aria-label={t.label} onKeyDown={onKeyDown}>
      <header className="pane-head">
        {covering && <h1 className="visually-hidden">{room.title}</h1>}
        <h2>{t.label}</h2>
        <IconButton ref={close} label={t.close} icon={<CloseIcon />} onClick={back} />
      </header>
      <div className="details-body">
        <div className="details-who">
          <Avatar
            seed={peer?.identity ?? room.peer ?? id}
            name={room.title}
            shape={room.kind === 'group' ? 'group' : 'person'}
            size="l"
            online={peer?.online}
          />
          <h3>
            <bdi>{room.title}</bdi>
          </h3>
          {room.topic !== '' && <p>{room.topic}</p>}
          {peer && <p className="soft">{presenceWords(texts, peer, now)}</p>}
          {room.standing !== 'member' && <p className="soft">{t.noAccess}</p>}
        </div>
        <ContainedPart of={room}>
          <SecuritySection room={room} />
        </ContainedPart>
        <section className="details-section">
          <Switch
            label={t.mute}
            checked={room.muted}
            onChange={(muted) => run(engine.rooms.setMuted(id, muted))}
          />
        </section>
        <ContainedPart of={room}>
          <Suspense>
            <FilesSection room={id} />
          </Suspense>
        </ContainedPart>
        <ContainedPart of={room}>
          {room.kind === 'group' && <GroupSections room={room} />}
          {room.peer !== null && <SharedGroups account={room.peer} />}
          {room.peer !== null && <BlockButton account={room.peer} name={room.title} />}
        </ContainedPart>
      </div>
    </aside>
  );
}

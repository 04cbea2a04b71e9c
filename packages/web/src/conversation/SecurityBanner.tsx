import { useState } from 'react';
import { useEngine, useEngineState, useRoom } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import type { RoomId } from '../app/types.ts';
import { ContainedOverlay } from '../contain/Contained.tsx';
import { Button } from '../design/Button.tsx';
import { WarningIcon } from '../design/icons.tsx';
import { SafetyDialog } from '../details/safety-later.ts';
import { useTexts } from '../texts/context.tsx';
import { alarmWords, ruleWords } from './event-words.ts';
import { GoOnDialog } from './GoOnDialog.tsx';

/** What is wrong, why, and the one action that resolves it. */
export function SecurityBanner({ room: id }: { room: RoomId }) {
  const texts = useTexts();
  const room = useRoom(id);
  const title = useEngineState((state) =>
    room?.security.state === 'attention' ? alarmWords(texts, state, room, room.security.alarm).title : '',
  );
  const text = useEngineState((state) =>
    room?.security.state === 'attention' ? alarmWords(texts, state, room, room.security.alarm).text : '',
  );
  if (room?.security.state !== 'attention') return null;
  const { alarm } = room.security;
  return (
    <div className="banner" role="alert">
      <WarningIcon size={22} />
      <div className="banner-lines">
        <p className="banner-title">{title}</p>
        <p>{text}</p>
        <details>
          <summary>{texts.security.detailsLabel}</summary>
          {ruleWords(texts, alarm)}
        </details>
      </div>
      <AlarmAction room={id} />
    </div>
  );
}

/** The one action for the alarm of a room; nothing where only the others can do something. */
export function AlarmAction({ room: id }: { room: RoomId }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const room = useRoom(id);
  const [reviewing, setReviewing] = useState(false);
  if (room?.security.state !== 'attention') return null;
  const { alarm } = room.security;
  const t = texts.security;
  switch (alarm.kind) {
    case 'identity-changed':
      return alarm.account === null ? null : (
        <>
          <Button onClick={() => setReviewing(true)}>{t.review}</Button>
          <ContainedOverlay onClose={() => setReviewing(false)}>
            {reviewing && <SafetyDialog account={alarm.account} onClose={() => setReviewing(false)} />}
          </ContainedOverlay>
        </>
      );
    case 'fork':
    case 'rollback':
      return <Unlike room={id} />;
    case 'gap':
    case 'locked-out':
    case 'rolled-back':
      return <Button onClick={() => engine.reconnect()}>{t.fetchAgain}</Button>;
    case 'expired-key':
    case 'old-key':
    case 'copied-device':
      return null;
    case 'bad-header':
    case 'bad-message':
    case 'bad-list':
      return <Button onClick={() => run(engine.rooms.rekey(id))}>{t.makeKeys}</Button>;
  }
}

/** The server may come right again; where it does not, the way out is a new group. */
function Unlike({ room: id }: { room: RoomId }) {
  const texts = useTexts();
  const engine = useEngine();
  const room = useRoom(id);
  const [leaving, setLeaving] = useState(false);
  const t = texts.security;
  return (
    <div className="banner-actions">
      <Button onClick={() => engine.reconnect()}>{t.fetchAgain}</Button>
      {room?.standing === 'member' && <Button onClick={() => setLeaving(true)}>{t.goOn}</Button>}
      {leaving && <GoOnDialog room={id} onClose={() => setLeaving(false)} />}
    </div>
  );
}

import type { Room } from '@sotto/client';
import { useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useRun } from '../app/services.tsx';
import { ContainedOverlay } from '../contain/Contained.tsx';
import { alarmWords, ruleWords } from '../conversation/event-words.ts';
import { AlarmAction } from '../conversation/SecurityBanner.tsx';
import { Button } from '../design/Button.tsx';
import { KeyIcon, LockIcon, ShieldIcon, WarningIcon } from '../design/icons.tsx';
import { useTexts } from '../texts/context.tsx';
import { SafetyDialog } from './SafetyDialog.tsx';

/** The lock state of the conversation in words, its reason, and what to do about it. */
export function SecuritySection({ room }: { room: Room }) {
  const texts = useTexts();
  const engine = useEngine();
  const run = useRun();
  const [comparing, setComparing] = useState(false);
  const t = texts.security;
  const { state } = room.security;
  const label = { verified: t.verified, unverified: t.unverified, attention: t.attention }[state];
  return (
    <section className="details-section">
      <h3>{t.title}</h3>
      <div className={`security-state ${state}`}>
        {state === 'verified' && <ShieldIcon />}
        {state === 'unverified' && <LockIcon />}
        {state === 'attention' && <WarningIcon />}
        <div>
          <p className="security-title">{label}</p>
          <SecurityText room={room} />
        </div>
      </div>
      <AlarmAction room={room.room} />
      {room.peer !== null && (
        <Button onClick={() => setComparing(true)}>
          <ShieldIcon size={18} /> {t.compare}
        </Button>
      )}
      {room.standing === 'member' && (
        <>
          <Button title={t.rekeyHint} onClick={() => run(engine.rooms.rekey(room.room))}>
            <KeyIcon size={18} /> {t.rekey}
          </Button>
          <p className="soft small">
            {t.epoch({ epoch: room.epoch })}. {t.rekeyHint}
          </p>
        </>
      )}
      <ContainedOverlay onClose={() => setComparing(false)}>
        {comparing && room.peer !== null && (
          <SafetyDialog account={room.peer} onClose={() => setComparing(false)} />
        )}
      </ContainedOverlay>
    </section>
  );
}

function SecurityText({ room }: { room: Room }) {
  const texts = useTexts();
  const { security } = room;
  const attention = useEngineState((state) =>
    security.state === 'attention' ? alarmWords(texts, state, room, security.alarm).title : '',
  );
  const t = texts.security;
  if (security.state === 'attention') {
    return (
      <>
        <p>{attention}</p>
        <details>
          <summary>{t.detailsLabel}</summary>
          {ruleWords(texts, security.alarm)}
        </details>
      </>
    );
  }
  if (security.state === 'verified') {
    return (
      <p>
        {room.kind === 'direct'
          ? t.verifiedPerson({ name: room.title })
          : t.verifiedText({ title: room.title })}
      </p>
    );
  }
  return <p>{room.kind === 'direct' ? t.unverifiedText : t.unverifiedGroup}</p>;
}

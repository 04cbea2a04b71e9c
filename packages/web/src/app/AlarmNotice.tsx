import type { Notice } from '@sotto/client';
import { alarmWords, ruleWords } from '../conversation/event-words.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../texts/context.tsx';
import { useEngineState } from './engine-context.tsx';
import { NoticeClose } from './NoticeClose.tsx';
import { navigate, roomRoute, settingsRoute } from './router.ts';

/** A broken rule in plain words: what happened and what to do; which rule stands behind "Details". */
export function AlarmNotice({ notice }: { notice: Extract<Notice, { kind: 'alarm' }> }) {
  const texts = useTexts();
  const { room, account, alarm, since } = notice;
  const about = { kind: alarm, account, ...(since === null ? {} : { since }) };
  const title = useEngineState((state) => alarmWords(texts, state, undefined, about).title);
  const text = useEngineState((state) => alarmWords(texts, state, undefined, about).text);
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{title}</p>
      <p className="small">{text}</p>
      <details className="small soft">
        <summary>{texts.words.details}</summary>
        {ruleWords(texts, notice)}
      </details>
      {room !== null && (
        <Button kind="quiet" onClick={() => navigate(roomRoute(room, { details: true }))}>
          {texts.notices.open}
        </Button>
      )}
      {alarm === 'copied-device' && (
        <Button kind="quiet" onClick={() => navigate(settingsRoute())}>
          {texts.notices.toSignOut}
        </Button>
      )}
      <NoticeClose notice={notice} />
    </div>
  );
}

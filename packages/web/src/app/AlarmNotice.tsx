import type { Alarm, Notice } from '@sotto/client';
import { Button } from '../design/Button.tsx';
import { texts } from '../texts/index.ts';
import { named } from '../texts/words.ts';
import { useEngineState } from './engine-context.tsx';
import { NoticeClose } from './NoticeClose.tsx';
import { navigate, roomRoute, settingsRoute } from './router.ts';

/** A broken rule in plain words: what happened and what to do; which rule stands behind "Details". */
export function AlarmNotice({ notice, alarm }: { notice: Notice; alarm: Alarm['kind'] }) {
  const { room, account, detail } = notice;
  const title = useEngineState((state) => texts.alarms[alarm](named(state, account)).title);
  const text = useEngineState((state) => texts.alarms[alarm](named(state, account)).text);
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{title}</p>
      <p className="small">{text}</p>
      <details className="small soft">
        <summary>{texts.words.details}</summary>
        {detail}
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

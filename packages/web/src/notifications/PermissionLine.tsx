import { useEffect, useState } from 'react';
import { useEngine } from '../app/engine-context.tsx';
import { isWatching } from '../app/environment.ts';
import { usePreferences } from '../app/services.tsx';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../texts/context.tsx';
import { askPermission, permission } from './permission.ts';

/** Asks once, when a message has been missed: that is when the question makes sense. */
export function PermissionLine() {
  const texts = useTexts();
  const engine = useEngine();
  const [preferences, change] = usePreferences();
  const [missed, setMissed] = useState(false);
  const open = !preferences.notifications && !preferences.notificationsDeclined;
  useEffect(() => {
    if (!open) return;
    return engine.events.on(({ type }) => {
      if (type === 'message' && !isWatching() && permission() === 'default') setMissed(true);
    });
  }, [engine, open]);
  if (!open || !missed) return null;
  const allow = async () => {
    const answer = await askPermission();
    change({ notifications: answer === 'granted', notificationsDeclined: answer !== 'granted' });
  };
  return (
    <section className="permission" aria-label={texts.settings.notifications}>
      <span>{texts.notify.ask}</span>
      <Button onClick={() => void allow()}>{texts.notify.allow}</Button>
      <Button kind="quiet" onClick={() => change({ notificationsDeclined: true })}>
        {texts.notify.later}
      </Button>
    </section>
  );
}

import { useState } from 'react';
import { usePreferences } from '../app/services.tsx';
import { Switch } from '../design/Field.tsx';
import { askPermission, permission } from '../notifications/permission.ts';
import { useTexts } from '../texts/context.tsx';

/** Permission is asked when the switch is turned on, never on load. */
export function NotificationSettings() {
  const texts = useTexts();
  const t = texts.settings;
  const [preferences, change] = usePreferences();
  const [granted, setGranted] = useState(permission);
  const on = preferences.notifications && granted === 'granted';
  const hint = {
    missing: t.notifyMissing,
    denied: t.notifyBlocked,
    granted: t.notifyHint,
    default: t.notifyHint,
  };
  const turn = async (wanted: boolean) => {
    if (!wanted) {
      change({ notifications: false });
      return;
    }
    const answer = await askPermission();
    setGranted(answer);
    change({ notifications: answer === 'granted' });
  };
  return (
    <section className="card">
      <h2>{t.notifications}</h2>
      <Switch
        label={t.notify}
        hint={hint[granted]}
        checked={on}
        disabled={granted === 'missing' || granted === 'denied'}
        onChange={(wanted) => void turn(wanted)}
      />
      <Switch
        label={t.preview}
        hint={t.previewHint}
        checked={preferences.contentPreview}
        disabled={!on}
        onChange={(contentPreview) => change({ contentPreview })}
      />
      <Switch
        label={t.mentions}
        checked={preferences.mentionsBreakThrough}
        onChange={(mentionsBreakThrough) => change({ mentionsBreakThrough })}
      />
      <Switch label={t.sound} checked={preferences.sound} onChange={(sound) => change({ sound })} />
    </section>
  );
}

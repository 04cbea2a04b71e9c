import { useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { goBack } from '../app/router.ts';
import { usePreferences } from '../app/services.tsx';
import { Avatar } from '../design/Avatar.tsx';
import { Button, IconButton } from '../design/Button.tsx';
import { Choice, Switch } from '../design/Field.tsx';
import { BackIcon } from '../design/icons.tsx';
import { texts } from '../texts/index.ts';
import { ForgetDialog } from './ForgetDialog.tsx';
import { NotificationSettings } from './NotificationSettings.tsx';
import './settings.css';

/** Appearance, writing, notifications, the account, and what protects it all. */
export function Settings({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const t = texts.settings;
  const [preferences, change] = usePreferences();
  return (
    <div className="page settings">
      <header className="pane-head">
        <IconButton label={texts.words.back} icon={<BackIcon />} onClick={() => goBack({ page: 'home' })} />
        <h1>{t.title}</h1>
      </header>
      <div className="page-body">
        <div className="page-column">
          <AccountSection onLeave={onLeave} />
          <section className="card">
            <h2>{t.look}</h2>
            <Choice
              label={t.theme}
              value={preferences.theme}
              options={[
                ['system', t.themeSystem],
                ['light', t.themeLight],
                ['dark', t.themeDark],
              ]}
              onChange={(theme) => change({ theme })}
            />
          </section>
          <NotificationSettings />
          <section className="card">
            <h2>{t.writing}</h2>
            <Switch
              label={t.enter}
              hint={preferences.enterSends ? t.enterOn : t.enterOff}
              checked={preferences.enterSends}
              onChange={(enterSends) => change({ enterSends })}
            />
          </section>
          <section className="card">
            <h2>{t.safety}</h2>
            <ul className="points">
              {t.safetyPoints.map((point) => (
                <li key={point}>{point}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}

function AccountSection({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const t = texts.settings;
  const self = useEngineState((state) => state.self);
  const [forgetting, setForgetting] = useState(false);
  const guest = self.kind === 'guest';
  return (
    <section className="card">
      <h2 className="visually-hidden">{t.account}</h2>
      <div className="account">
        <Avatar seed={self.identity} name={self.name} size="l" />
        <div>
          <p className="account-name">{self.name}</p>
          <p className="soft">{guest ? t.kindGuest : t.kindPassword}</p>
          <p className="soft small">
            {t.device}: <code>{self.device}</code>
          </p>
        </div>
      </div>
      <div className="account-actions">
        <Button onClick={() => void onLeave(false)}>{t.switch}</Button>
        <Button kind="danger" onClick={() => setForgetting(true)}>
          {guest ? t.forgetGuest : t.forgetPassword}
        </Button>
      </div>
      <p className="soft small">{t.switchHint}</p>
      {forgetting && (
        <ForgetDialog self={self} onForget={() => onLeave(true)} onClose={() => setForgetting(false)} />
      )}
    </section>
  );
}

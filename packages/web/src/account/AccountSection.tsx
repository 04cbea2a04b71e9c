import { useState } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import { formatRoute, navigate, settingsRoute } from '../app/router.ts';
import { Avatar } from '../design/Avatar.tsx';
import { Button } from '../design/Button.tsx';
import { ForgetDialog } from '../settings/ForgetDialog.tsx';
import { useTexts } from '../texts/context.tsx';
import { RenameSelfDialog } from './RenameSelfDialog.tsx';
import { useReminders } from './reminders.ts';

/** Who this is, the ways back into the account, and the ways out of it. */
export function AccountSection({ onLeave }: { onLeave: (forget: boolean) => Promise<void> }) {
  const texts = useTexts();
  const t = texts.settings;
  const self = useEngineState((state) => state.self);
  const [forgetting, setForgetting] = useState(false);
  const [renaming, setRenaming] = useState(false);
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
      {guest ? <GuestWays /> : <AccountWays />}
      <div className="account-actions account-ends">
        <Button onClick={() => setRenaming(true)}>{t.rename}</Button>
        <Button onClick={() => void onLeave(false)}>{t.switch}</Button>
        <Button kind="danger" onClick={() => setForgetting(true)}>
          {guest ? t.forgetGuest : t.forgetPassword}
        </Button>
      </div>
      <p className="soft small">{t.switchHint}</p>
      {renaming && <RenameSelfDialog onClose={() => setRenaming(false)} />}
      {forgetting && (
        <ForgetDialog self={self} onForget={() => onLeave(true)} onClose={() => setForgetting(false)} />
      )}
    </section>
  );
}

function GuestWays() {
  const texts = useTexts();
  const t = texts.password;
  return (
    <div className="account-ways">
      <ul className="points">
        {Object.values(t.setBrings).map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <div>
        <Button kind="primary" onClick={() => navigate(settingsRoute('password'))}>
          {t.setTitle}
        </Button>
      </div>
    </div>
  );
}

function AccountWays() {
  const texts = useTexts();
  const t = texts.phrase;
  const self = useEngineState((state) => state.self);
  const [{ unconfirmed }] = useReminders(self.account);
  return (
    <div className="account-ways">
      <p className={self.recoverable && !unconfirmed ? 'soft small' : 'account-warning small'}>
        {self.recoverable ? (unconfirmed ? t.unconfirmed : t.have) : t.haveNot}
      </p>
      <div className="account-actions">
        <Button onClick={() => navigate(settingsRoute('phrase'))}>{t.button}</Button>
        <Button onClick={() => navigate(settingsRoute('password'))}>{texts.password.changeTitle}</Button>
        <a className="button plain" href={formatRoute({ page: 'devices' })}>
          {texts.devices.link}
        </a>
      </div>
      <p className="soft small">{texts.devices.linkHint}</p>
    </div>
  );
}

import { Suspense } from 'react';
import { AccountSection } from '../account/AccountSection.tsx';
import { PasswordDialog } from '../account/PasswordDialog.tsx';
import { PhraseDialog } from '../account/PhraseDialog.tsx';
import { goBack, type SettingsPart, settingsRoute } from '../app/router.ts';
import { usePreferences } from '../app/services.tsx';
import { FailuresSection } from '../contain/FailuresSection.tsx';
import { IconButton } from '../design/Button.tsx';
import { Choice, Switch } from '../design/Field.tsx';
import { BackIcon } from '../design/icons.tsx';
import { KeptFiles } from '../files/later.ts';
import { BlockedSection } from '../requests/BlockedSection.tsx';
import { ExportSection } from './ExportSection.tsx';
import { NotificationSettings } from './NotificationSettings.tsx';
import { StorageSection } from './StorageSection.tsx';
import './settings.css';
import { useTexts } from '../texts/context.tsx';
import { languageNames } from '../texts/languages.ts';

/** Appearance, writing, notifications, the account, and what protects it all. */
export function Settings({
  part,
  onLeave,
}: {
  part: SettingsPart | null;
  onLeave: (forget: boolean) => Promise<void>;
}) {
  const texts = useTexts();
  const t = texts.settings;
  const [preferences, change] = usePreferences();
  // Back to where the dialog was opened from: these settings, a reminder, a notice.
  const close = () => goBack(settingsRoute());
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
            <Choice
              label={t.language}
              value={preferences.language}
              options={[['system', t.languageSystem], ...languageNames]}
              onChange={(language) => change({ language })}
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
          <BlockedSection />
          <StorageSection />
          <Suspense>
            <KeptFiles />
          </Suspense>
          <ExportSection />
          <FailuresSection />
          <section className="card">
            <h2>{t.safety}</h2>
            <ul className="points">
              {Object.values(t.safetyPoints).map((point) => (
                <li key={point}>{point}</li>
              ))}
            </ul>
          </section>
        </div>
      </div>
      {part !== null && part !== 'phrase' && <PasswordDialog way={part} onClose={close} />}
      {part === 'phrase' && <PhraseDialog onClose={close} />}
    </div>
  );
}

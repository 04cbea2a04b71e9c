import type { Profile } from '@sotto/client';
import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { ExportSection } from '../settings/ExportSection.tsx';
import { ForgetDialog } from '../settings/ForgetDialog.tsx';
import '../settings/settings.css';
import { useTexts } from '../texts/context.tsx';

/** What can be done with an account without showing any of its conversations. */
export function SafeWays({ profile, onForget }: { profile: Profile; onForget: () => Promise<void> }) {
  const texts = useTexts();
  const t = texts.settings;
  const [forgetting, setForgetting] = useState(false);
  return (
    <div className="stack safe-ways">
      <ExportSection />
      <section className="card">
        <h2>{texts.safeStart.forget}</h2>
        <div>
          <Button kind="danger" onClick={() => setForgetting(true)}>
            {profile.kind === 'guest' ? t.forgetGuest : t.forgetPassword}
          </Button>
        </div>
      </section>
      {forgetting && <ForgetDialog self={profile} onForget={onForget} onClose={() => setForgetting(false)} />}
    </div>
  );
}

import type { Engine, Profile, Sotto } from '@sotto/client';
import { useState } from 'react';
import { EngineProvider } from '../app/engine-context.tsx';
import { useCommand } from '../app/use-command.ts';
import { restoreDrafts } from '../composer/draft-rescue.ts';
import { Button } from '../design/Button.tsx';
import { ErrorText } from '../design/Field.tsx';
import { Logo } from '../design/icons.tsx';
import { ContainedPart } from './Contained.tsx';
import { SafeWays } from './SafeWays.tsx';
import '../welcome/welcome.css';
import { useFirstTexts } from '../texts/context.tsx';

/** Attack 41: the page broke twice while it opened this account. Asks how to go on, and shows nothing that others sent. */
export function SafeStart({
  sotto,
  profile,
  onOpen,
  onLeave,
}: {
  sotto: Sotto;
  profile: Profile;
  /** @param last with the conversation that was open last */
  onOpen: (engine: Engine, last: boolean) => void;
  /** Forgets the account. */
  onLeave: (engine: Engine) => Promise<void>;
}) {
  const texts = useFirstTexts();
  const t = texts.safeStart;
  const [engine, setEngine] = useState<Engine | null>(null);
  const { busy, error, run } = useCommand();
  const resume = async () => {
    if (engine) return engine;
    const opened = await sotto.resume(profile.account);
    await restoreDrafts(opened);
    return opened;
  };
  const open = (last: boolean) => void run(async () => onOpen(await resume(), last));
  return (
    <main className="welcome">
      <div className="welcome-card">
        <header className="welcome-head">
          <Logo />
          <h1>{t.title}</h1>
        </header>
        <p role="alert">{t.text({ name: profile.name })}</p>
        <div className="stack">
          <Button kind="primary" className="wide" disabled={busy} onClick={() => open(false)}>
            {t.withoutLast}
          </Button>
          <Button className="wide" disabled={busy} onClick={() => open(true)}>
            {t.asUsual}
          </Button>
          {engine === null && (
            <Button
              className="wide"
              disabled={busy}
              onClick={() => void run(async () => setEngine(await resume()))}
            >
              {t.ways}
            </Button>
          )}
        </div>
        <ErrorText error={error} />
        {engine && (
          <EngineProvider engine={engine}>
            <ContainedPart>
              <SafeWays profile={profile} onForget={() => onLeave(engine)} />
            </ContainedPart>
          </EngineProvider>
        )}
      </div>
    </main>
  );
}

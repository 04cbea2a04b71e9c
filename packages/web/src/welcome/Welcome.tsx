import type { Engine, Profile, SetupStep, Sotto } from '@sotto/client';
import { useEffect, useState } from 'react';
import { useRoute } from '../app/router.ts';
import { ErrorText } from '../design/Field.tsx';
import { Logo } from '../design/icons.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { EntryForm, type Way } from './EntryForm.tsx';
import { Profiles } from './Profiles.tsx';
import { SetupProgress, type WorkingWay } from './SetupProgress.tsx';
import { Tabs } from './Tabs.tsx';
import { type WayBack, WaysBack } from './WaysBack.tsx';
import './welcome.css';
import { useFirstTexts } from '../texts/context.tsx';

type Info = Awaited<ReturnType<Sotto['info']>>;

type Stage =
  | { readonly at: 'choosing'; readonly error: ErrorWords | null }
  | { readonly at: 'working'; readonly way: WorkingWay; readonly steps: readonly SetupStep[] }
  | { readonly at: 'resuming'; readonly name: string };

/** The first minute: who are you, in as few words as possible. */
export function Welcome({
  sotto,
  profiles,
  failure,
  onOpen,
}: {
  sotto: Sotto;
  profiles: readonly Profile[];
  failure: ErrorWords | null;
  onOpen: (engine: Engine) => void;
}) {
  const texts = useFirstTexts();
  const t = texts.welcome;
  const [stage, setStage] = useState<Stage>({ at: 'choosing', error: failure });
  const info = useInfo(sotto);
  const invited = useRoute().page === 'join';
  const closed = info !== null && info !== 'unreachable' && info.registration === 'closed';

  const [wayBack, setWayBack] = useState<WayBack | null>(null);
  const [way, setWay] = useState<Way>('guest');
  const shownWay = closed ? 'signIn' : way;
  const ways: readonly (readonly [Way, string])[] = closed
    ? [['signIn', t.signInTab]]
    : [
        ['guest', t.guestTab],
        ['create', t.createTab],
        ['signIn', t.signInTab],
      ];

  const failed = (error: unknown) => setStage({ at: 'choosing', error: errorWords(texts, error) });
  const begin = (way: WorkingWay, make: (onStep: (step: SetupStep) => void) => Promise<Engine>) => {
    setStage({ at: 'working', way, steps: [] });
    const onStep = (step: SetupStep) =>
      setStage((now) => (now.at === 'working' ? { ...now, steps: [...now.steps, step] } : now));
    make(onStep).then(onOpen, failed);
  };
  const actions = {
    onRecover: (who: { name: string; phrase: string; password: string }) =>
      begin('recover', (onStep) => sotto.recover(who, onStep)),
    onReset: (who: { name: string; code: string; password: string }) =>
      begin('reset', (onStep) => sotto.reset(who, onStep)),
  };
  const enter = (way: Way, name: string, password: string) =>
    begin(way, (onStep) => {
      switch (way) {
        case 'guest':
          return sotto.createGuest(name, onStep);
        case 'create':
          return sotto.createAccount(name, password, onStep);
        case 'signIn':
          return sotto.signIn(name, password, onStep);
      }
    });
  const resume = (profile: Profile) => {
    setStage({ at: 'resuming', name: profile.name });
    sotto.resume(profile.account).then(onOpen, failed);
  };

  const choosing = stage.at === 'choosing';
  return (
    <main className="welcome">
      <div className="welcome-card">
        <header className="welcome-head">
          <Logo />
          <h1>{texts.app.name}</h1>
          <p className="soft">{texts.app.claim}</p>
        </header>
        {invited && choosing && <p className="welcome-note">{t.invited}</p>}
        {info === 'unreachable' && <p className="welcome-note">{t.unreachable}</p>}
        {closed && <p className="welcome-note">{t.closed}</p>}
        {stage.at === 'resuming' && <p role="status">{t.opening({ name: stage.name })}</p>}
        {stage.at === 'working' && <SetupProgress way={stage.way} steps={stage.steps} />}
        {choosing && profiles.length > 0 && <Profiles profiles={profiles} onChoose={resume} />}
        {/* Stays mounted while keys are made: what was typed is there again after a refusal. */}
        <div hidden={!choosing} className="stack">
          {profiles.length > 0 && <h2>{t.new}</h2>}
          <ErrorText error={choosing ? stage.error : null} />
          <div hidden={wayBack !== null} className="stack">
            <Tabs label={t.ways} value={shownWay} options={ways} onChange={setWay}>
              {/* One form for all ways: the name typed for one is there for the other. */}
              <EntryForm
                way={shownWay}
                onEnter={(name, password) => enter(shownWay, name, password)}
                onForgot={(name) => setWayBack({ by: 'phrase', name })}
              />
            </Tabs>
          </div>
          {wayBack !== null && <WaysBack way={wayBack} onChange={setWayBack} actions={actions} />}
        </div>
      </div>
    </main>
  );
}

function useInfo(sotto: Sotto): Info | 'unreachable' | null {
  const [info, setInfo] = useState<Info | 'unreachable' | null>(null);
  useEffect(() => {
    let stopped = false;
    sotto.info().then(
      (found) => !stopped && setInfo(found),
      () => !stopped && setInfo('unreachable'),
    );
    return () => {
      stopped = true;
    };
  }, [sotto]);
  return info;
}

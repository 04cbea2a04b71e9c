import type { Engine, Profile, Sotto } from '@sotto/client';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { restoreDrafts } from '../composer/draft-rescue.ts';
import { OpenedTexts, useFirstTexts, useLanguage } from '../texts/context.tsx';
import { errorWords } from '../texts/errors.ts';
import { Welcome } from '../welcome/Welcome.tsx';
import { EngineProvider } from './engine-context.tsx';
import { useVisualViewport } from './environment.ts';
import { loadOpened, Opened } from './opened-later.ts';
import { navigate } from './router.ts';
import { useServices } from './services.tsx';
import { profileOfTab, rememberAccount } from './session.ts';
import { followForgetting, forgetTraces, sweepTraces } from './traces.ts';

const SafeStart = lazy(async () => ({ default: (await import('../contain/SafeStart.tsx')).SafeStart }));

type Stage =
  | { readonly at: 'starting'; readonly name: string | null }
  /** `cause` is why an account could not be opened, null where none was to be. */
  | { readonly at: 'welcome'; readonly profiles: readonly Profile[]; readonly cause: unknown }
  /** Attack 41: the last two starts with this account broke the page. */
  | { readonly at: 'safe'; readonly profile: Profile }
  | { readonly at: 'open'; readonly engine: Engine };

/** Which account is open in this tab, if any. */
export function App({ sotto }: { sotto: Sotto }) {
  const texts = useFirstTexts();
  const { record } = useServices();
  const [stage, setStage] = useState<Stage>({ at: 'starting', name: null });
  useVisualViewport();
  useEarlyLoad();
  useSweep(stage.at);

  const welcome = useCallback(async () => {
    const profiles = await sotto.profiles();
    setStage({ at: 'welcome', profiles, cause: null });
  }, [sotto]);

  useEffect(() => {
    let stopped = false;
    const begin = async () => {
      const profiles = await sotto.profiles();
      const profile = profileOfTab(profiles);
      if (stopped) return;
      if (!profile) rememberAccount(null); // forgotten meanwhile, by another tab
      if (!profile || record.safe) {
        setStage(profile ? { at: 'safe', profile } : { at: 'welcome', profiles, cause: null });
        return;
      }
      void loadOpened();
      setStage({ at: 'starting', name: profile.name });
      const engine = await sotto.resume(profile.account);
      await restoreDrafts(engine);
      if (stopped) await engine.close();
      else setStage({ at: 'open', engine });
    };
    begin().catch((cause: unknown) => {
      if (!stopped) setStage({ at: 'welcome', profiles: [], cause });
    });
    return () => {
      stopped = true;
    };
  }, [sotto, record]);

  const open = useCallback((engine: Engine) => {
    rememberAccount(engine.id);
    setStage({ at: 'open', engine });
  }, []);

  const leave = useCallback(
    async (engine: Engine, forget: boolean) => {
      rememberAccount(null);
      if (forget) await sotto.forget(engine.id);
      await engine.close();
      if (forget) await forgetTraces(engine.id);
      navigate({ page: 'home' }, { replace: true });
      await welcome();
    },
    [sotto, welcome],
  );

  switch (stage.at) {
    case 'starting':
      return <Starting name={stage.name} />;
    case 'welcome':
      return (
        <Welcome
          sotto={sotto}
          profiles={stage.profiles}
          failure={stage.cause === null ? null : errorWords(texts, stage.cause)}
          onOpen={open}
        />
      );
    case 'safe':
      return (
        <Suspense fallback={<Starting name={stage.profile.name} />}>
          <OpenedTexts>
            <SafeStart
              sotto={sotto}
              profile={stage.profile}
              onOpen={(engine, last) => {
                if (!last) navigate({ page: 'home' }, { replace: true });
                open(engine);
              }}
              onLeave={(engine) => leave(engine, true)}
            />
          </OpenedTexts>
        </Suspense>
      );
    case 'open':
      return (
        <EngineProvider engine={stage.engine} key={stage.engine.id}>
          <Suspense fallback={<Starting name={stage.engine.state.self.name} />}>
            <OpenedTexts>
              <Opened onLeave={(forget) => leave(stage.engine, forget)} />
            </OpenedTexts>
          </Suspense>
        </EngineProvider>
      );
  }
}

/** At the start, and whenever an account was left: by then what showed it has written its last. */
function useSweep(at: Stage['at']): void {
  useEffect(followForgetting, []);
  useEffect(() => {
    if (at === 'welcome' || at === 'open') void sweepTraces();
  }, [at]);
}

function Starting({ name }: { name: string | null }) {
  const texts = useFirstTexts();
  const { opened } = useLanguage();
  useEffect(() => {
    if (name !== null) void opened();
  }, [name, opened]);
  return (
    <main className="starting" aria-busy="true">
      <h1 className="visually-hidden">{texts.app.name}</h1>
      <p role="status">{name === null ? texts.app.starting : texts.welcome.opening({ name })}</p>
    </main>
  );
}

/** Whoever types or presses something is about to open an account: what that shows is fetched meanwhile. */
function useEarlyLoad(): void {
  const language = useLanguage();
  useEffect(() => {
    const load = () => {
      void loadOpened();
      void language.opened();
    };
    const once = { once: true, passive: true } as const;
    window.addEventListener('keydown', load, once);
    window.addEventListener('pointerdown', load, once);
    return () => {
      window.removeEventListener('keydown', load);
      window.removeEventListener('pointerdown', load);
    };
  }, [language]);
}

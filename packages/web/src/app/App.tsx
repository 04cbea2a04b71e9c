import type { Engine, Profile, Sotto } from '@sotto/client';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { restoreDrafts } from '../composer/draft-rescue.ts';
import { texts } from '../texts/index.ts';
import { Welcome } from '../welcome/Welcome.tsx';
import { EngineProvider } from './engine-context.tsx';
import { useVisualViewport } from './environment.ts';
import { type ErrorWords, errorWords } from './errors.ts';
import { loadOpened, Opened } from './opened-later.ts';
import { navigate } from './router.ts';
import { accountOfTab, rememberAccount } from './session.ts';

type Stage =
  | { readonly at: 'starting'; readonly name: string | null }
  | { readonly at: 'welcome'; readonly profiles: readonly Profile[]; readonly error: ErrorWords | null }
  | { readonly at: 'open'; readonly engine: Engine };

/** Which account is open in this tab, if any. */
export function App({ sotto }: { sotto: Sotto }) {
  const [stage, setStage] = useState<Stage>({ at: 'starting', name: null });
  useVisualViewport();
  useEarlyLoad();

  const welcome = useCallback(
    async (error: ErrorWords | null) => {
      const profiles = await sotto.profiles();
      setStage({ at: 'welcome', profiles, error });
    },
    [sotto],
  );

  useEffect(() => {
    let stopped = false;
    const begin = async () => {
      const profiles = await sotto.profiles();
      const account = accountOfTab(profiles);
      if (stopped) return;
      if (account === null) {
        setStage({ at: 'welcome', profiles, error: null });
        return;
      }
      void loadOpened();
      setStage({ at: 'starting', name: profiles.find((p) => p.account === account)?.name ?? null });
      const engine = await sotto.resume(account);
      await restoreDrafts(engine);
      if (stopped) await engine.close();
      else setStage({ at: 'open', engine });
    };
    begin().catch((error: unknown) => {
      if (!stopped) setStage({ at: 'welcome', profiles: [], error: errorWords(error) });
    });
    return () => {
      stopped = true;
    };
  }, [sotto]);

  const open = useCallback((engine: Engine) => {
    rememberAccount(engine.account);
    setStage({ at: 'open', engine });
  }, []);

  const leave = useCallback(
    async (engine: Engine, forget: boolean) => {
      rememberAccount(null);
      if (forget) await sotto.forget(engine.account);
      await engine.close();
      navigate({ page: 'home' }, { replace: true });
      await welcome(null);
    },
    [sotto, welcome],
  );

  switch (stage.at) {
    case 'starting':
      return <Starting name={stage.name} />;
    case 'welcome':
      return <Welcome sotto={sotto} profiles={stage.profiles} failure={stage.error} onOpen={open} />;
    case 'open':
      return (
        <EngineProvider engine={stage.engine} key={stage.engine.account}>
          <Suspense fallback={<Starting name={stage.engine.state.self.name} />}>
            <Opened onLeave={(forget) => leave(stage.engine, forget)} />
          </Suspense>
        </EngineProvider>
      );
  }
}

function Starting({ name }: { name: string | null }) {
  return (
    <main className="starting" aria-busy="true">
      <h1 className="visually-hidden">{texts.app.name}</h1>
      <p role="status">{name === null ? texts.app.starting : texts.welcome.opening(name)}</p>
    </main>
  );
}

/** Whoever types or presses something is about to open an account: what that shows is fetched meanwhile. */
function useEarlyLoad(): void {
  useEffect(() => {
    const load = () => void loadOpened();
    const once = { once: true, passive: true } as const;
    window.addEventListener('keydown', load, once);
    window.addEventListener('pointerdown', load, once);
    return () => {
      window.removeEventListener('keydown', load);
      window.removeEventListener('pointerdown', load);
    };
  }, []);
}

import type { Sotto } from '@sotto/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createFailures } from '../contain/failures.ts';
import { PageBoundary } from '../contain/PageBoundary.tsx';
import { recordStart } from '../contain/start-record.ts';
import type { Preferences } from '../settings/preferences.ts';
import type { Language } from '../texts/load.ts';
import { App } from './App.tsx';
import { leaveComposingAlone } from './composing.ts';
import { FollowLanguage, Speaking } from './language.tsx';
import { createStore, type Store } from './observable.ts';
import { type Report, type Services, ServicesProvider } from './services.tsx';

export interface Beginning {
  readonly preferences: Store<Preferences>;
  readonly language: Language;
}

/** Puts the interface for `sotto` into `root`. */
export function render(root: HTMLElement, sotto: Sotto, { preferences, language }: Beginning): void {
  const failures = createFailures();
  const record = recordStart(localStorage, sessionStorage, (listener) =>
    window.addEventListener('pagehide', listener),
  );
  const services: Services = {
    preferences,
    reports: createStore<readonly Report[]>([]),
    failures,
    record,
  };
  leaveComposingAlone(window);
  createRoot(root, { onCaughtError: failures.note }).render(
    <StrictMode>
      <Speaking initial={language}>
        {(onLanguage) => (
          <PageBoundary record={record}>
            <ServicesProvider services={services}>
              <FollowLanguage onLanguage={onLanguage} />
              <App sotto={sotto} />
            </ServicesProvider>
          </PageBoundary>
        )}
      </Speaking>
    </StrictMode>,
  );
}

import type { Sotto } from '@sotto/client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openPreferences } from '../settings/preferences.ts';
import { App } from './App.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { createStore } from './observable.ts';
import { type Report, type Services, ServicesProvider } from './services.tsx';

/** Puts the interface for `sotto` into `root`. */
export function render(root: HTMLElement, sotto: Sotto): void {
  const services: Services = { preferences: openPreferences(), reports: createStore<readonly Report[]>([]) };
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <ServicesProvider services={services}>
          <App sotto={sotto} />
        </ServicesProvider>
      </ErrorBoundary>
    </StrictMode>,
  );
}

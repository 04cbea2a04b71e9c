import { createContext, type ReactNode, useCallback, useContext } from 'react';
import type { Failures } from '../contain/failures.ts';
import type { StartRecord } from '../contain/start-record.ts';
import type { Preferences } from '../settings/preferences.ts';
import { useFirstTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { type Store, useStore } from './observable.ts';

export interface Report extends ErrorWords {
  readonly id: number;
}

/** What the composition root hands to every component. */
export interface Services {
  readonly preferences: Store<Preferences>;
  /** Failures of commands that have no place of their own, newest last. */
  readonly reports: Store<readonly Report[]>;
  /** What could not be shown. */
  readonly failures: Failures;
  readonly record: StartRecord;
}

const ServicesContext = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices: expected to be below ServicesProvider');
  return services;
}

export function usePreferences(): readonly [Preferences, (change: Partial<Preferences>) => void] {
  const { preferences } = useServices();
  const value = useStore(preferences);
  const change = useCallback(
    (part: Partial<Preferences>) => preferences.set({ ...preferences.get(), ...part }),
    [preferences],
  );
  return [value, change];
}

/** Runs a command; its failure appears in the corner with its remedy. */
export function useRun(): (command: Promise<unknown>) => void {
  const texts = useFirstTexts();
  const { reports } = useServices();
  return useCallback(
    (command) => {
      command.catch((error: unknown) => {
        const list = reports.get();
        const id = (list.at(-1)?.id ?? 0) + 1;
        reports.set([...list.slice(-3), { id, ...errorWords(texts, error) }]);
      });
    },
    [reports, texts],
  );
}

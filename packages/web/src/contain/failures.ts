import { createStore, type Store } from '../app/observable.ts';

/** Something the page could not show. */
export interface Failure {
  readonly message: string;
  /** Where in the program, for whoever looks into it. */
  readonly trace: string;
  readonly times: number;
}

/** What this page could not show so far: kept in it, shown in the settings, sent nowhere. */
export interface Failures {
  readonly store: Store<readonly Failure[]>;
  /** The same again is counted, not listed. */
  note(error: unknown): void;
}

const KEPT = 20;

export function createFailures(): Failures {
  const store = createStore<readonly Failure[]>([]);
  return {
    store,
    note(error) {
      const message = error instanceof Error ? error.message : String(error);
      const trace = (error instanceof Error && error.stack) || message;
      const all = store.get();
      const known = all.find((one) => one.message === message && one.trace === trace);
      store.set(
        known
          ? all.map((one) => (one === known ? { ...one, times: one.times + 1 } : one))
          : [...all.slice(1 - KEPT), { message, trace, times: 1 }],
      );
    },
  };
}

import type { Observable } from '@sotto/client';
import { useCallback, useSyncExternalStore } from 'react';

/** Renders with each new snapshot (E1). */
export function useObservable<T>(what: Observable<T>): T {
  const subscribe = useCallback((changed: () => void) => what.subscribe(changed), [what]);
  return useSyncExternalStore(subscribe, () => what.state);
}

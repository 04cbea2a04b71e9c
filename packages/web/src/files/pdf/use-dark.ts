import { useSyncExternalStore } from 'react';
import { usePreferences } from '../../app/services.tsx';

const system = () => matchMedia('(prefers-color-scheme: dark)');

const subscribe = (listener: () => void): (() => void) => {
  const query = system();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

/** Whether this page is dark now, by choice or by the system: for what cannot see it in the styles. */
export function useDark(): boolean {
  const [{ theme }] = usePreferences();
  const bySystem = useSyncExternalStore(subscribe, () => system().matches);
  return theme === 'system' ? bySystem : theme === 'dark';
}

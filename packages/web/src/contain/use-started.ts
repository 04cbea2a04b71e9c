import { useEffect } from 'react';
import { useServices } from '../app/services.tsx';

/** What breaks the page at its start does so within this time. */
const SETTLED = 3_000;

/** The account is open and shown: this start counts as one that succeeded. */
export function useStarted(): void {
  const { record } = useServices();
  useEffect(() => {
    const timer = setTimeout(record.succeeded, SETTLED);
    return () => clearTimeout(timer);
  }, [record]);
}

import { useCallback, useState } from 'react';
import { useFirstTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';

/** A command whose progress and failure are shown where it was given. */
export interface Command {
  readonly busy: boolean;
  readonly error: ErrorWords | null;
  /** @returns whether it succeeded */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

export function useCommand(): Command {
  const texts = useFirstTexts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorWords | null>(null);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true);
      setError(null);
      try {
        await work();
        return true;
      } catch (cause) {
        setError(errorWords(texts, cause));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [texts],
  );
  return { busy, error, run };
}

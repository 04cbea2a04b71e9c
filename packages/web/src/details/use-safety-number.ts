import type { SafetyNumber } from '@sotto/client';
import { useCallback, useEffect, useState } from 'react';
import { useEngine, usePerson } from '../app/engine-context.tsx';
import type { AccountId } from '../app/types.ts';
import { useFirstTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';

/** What there is to compare. `none`: no key of theirs is known yet. */
type Found =
  | { readonly at: 'computing' }
  | { readonly at: 'none' }
  | { readonly at: 'shown'; readonly shown: SafetyNumber }
  | { readonly at: 'failed'; readonly error: ErrorWords };

/** K4: the number, computed anew with every change of the person's key, and when it is asked for. */
export function useSafetyNumber(account: AccountId): readonly [Found, again: () => void] {
  const texts = useFirstTexts();
  const engine = useEngine();
  const person = usePerson(account);
  const [found, setFound] = useState<Found>({ at: 'computing' });
  const [asked, setAsked] = useState(0);
  const identity = person?.identity;
  const changed = person?.trust === 'changed';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key, pinned or shown in its place, is another number
  useEffect(() => {
    let stopped = false;
    engine.people.safetyNumber(account).then(
      (shown) => !stopped && setFound(shown ? { at: 'shown', shown } : { at: 'none' }),
      (cause: unknown) => !stopped && setFound({ at: 'failed', error: errorWords(texts, cause) }),
    );
    return () => {
      stopped = true;
    };
  }, [engine, account, identity, changed, asked]);
  return [found, useCallback(() => setAsked((times) => times + 1), [])];
}

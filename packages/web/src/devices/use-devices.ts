import type { OwnDevice } from '@sotto/client';
import { useCallback, useEffect, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useFirstTexts } from '../texts/context.tsx';
import { type ErrorWords, errorWords } from '../texts/errors.ts';

/** Milliseconds until who is online is asked again while the list is looked at. */
const AGAIN = 20_000;

export interface Devices {
  /** null until they were fetched once. */
  readonly list: readonly OwnDevice[] | null;
  readonly error: ErrorWords | null;
  readonly reload: () => Promise<void>;
}

/** The account's devices, fetched anew with every connection and every notice of a new one. */
export function useDevices(): Devices {
  const texts = useFirstTexts();
  const engine = useEngine();
  const online = useEngineState((state) => state.connection.status === 'online');
  const notices = useEngineState((state) => state.notices);
  const [list, setList] = useState<readonly OwnDevice[] | null>(null);
  const [error, setError] = useState<ErrorWords | null>(null);
  const reload = useCallback(async () => {
    try {
      setList(inOrder(await engine.devices.list()));
      setError(null);
    } catch (cause) {
      setError(errorWords(texts, cause));
    }
  }, [texts, engine]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new notice may be of a new device
  useEffect(() => {
    if (!online) return;
    void reload();
    const timer = window.setInterval(() => void reload(), AGAIN);
    return () => window.clearInterval(timer);
  }, [reload, online, notices]);
  return { list, error, reload };
}

/** This one first, then those online, then the newest. */
const inOrder = (devices: readonly OwnDevice[]): readonly OwnDevice[] =>
  [...devices].sort(
    (a, b) =>
      Number(b.current) - Number(a.current) || Number(b.online) - Number(a.online) || b.addedAt - a.addedAt,
  );

import { useCallback, useEffect, useState } from 'react';
import { hasSomethingToLose } from '../account/reminders.ts';
import { useEngineState } from './engine-context.tsx';

/** What the browser says about keeping what is stored here: `unknown` where it cannot be asked. */
export type Keeping = 'kept' | 'at-risk' | 'unknown';

const manager = (): StorageManager | undefined => ('storage' in navigator ? navigator.storage : undefined);

async function keeping(): Promise<Keeping> {
  const storage = manager();
  if (typeof storage?.persisted !== 'function') return 'unknown';
  return (await storage.persisted()) ? 'kept' : 'at-risk';
}

async function askToKeep(): Promise<Keeping> {
  const storage = manager();
  if (typeof storage?.persist !== 'function') return 'unknown';
  return (await storage.persist()) ? 'kept' : 'at-risk';
}

/** Asks the browser to keep what is stored here, once there is something to lose and not before. */
export function usePersistence(): void {
  const worth = useEngineState((state) => hasSomethingToLose(state.rooms));
  useEffect(() => {
    if (!worth) return;
    askToKeep().catch(() => {
      // The settings tell that the browser does not promise it.
    });
  }, [worth]);
}

/** @returns null until the browser has answered */
export function useKeeping(): readonly [Keeping | null, () => Promise<Keeping>] {
  const [state, setState] = useState<Keeping | null>(null);
  useEffect(() => {
    let stopped = false;
    keeping().then(
      (found) => !stopped && setState(found),
      () => !stopped && setState('unknown'),
    );
    return () => {
      stopped = true;
    };
  }, []);
  const ask = useCallback(async () => {
    const answer = await askToKeep();
    setState(answer);
    return answer;
  }, []);
  return [state, ask];
}

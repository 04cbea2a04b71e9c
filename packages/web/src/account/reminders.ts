import type { EngineState } from '@sotto/client';
import { useCallback, useSyncExternalStore } from 'react';
import type { AccountId } from '../app/types.ts';

/** What this browser knows about reminding somebody of their ways back. */
export interface Reminders {
  /** A phrase was made and its words never asked back. */
  readonly unconfirmed: boolean;
  /** No reminder before this time, in milliseconds since 1970. */
  readonly quietUntil: number;
}

export const QUIET_FOR = 7 * 86_400_000;
const NONE: Reminders = { unconfirmed: false, quietUntil: 0 };
const CHANGED = 'sotto-reminders';

/** Takes over what fits. */
export function parseReminders(text: string | null): Reminders {
  if (text === null) return NONE;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return NONE;
    const { unconfirmed, quietUntil } = value as { readonly [name in keyof Reminders]?: unknown };
    return {
      unconfirmed: unconfirmed === true,
      quietUntil: typeof quietUntil === 'number' ? quietUntil : 0,
    };
  } catch {
    // Written by something else, or cut: then nothing is known.
    return NONE;
  }
}

/** Somebody said something, so there is something to lose. */
export const hasSomethingToLose = (rooms: EngineState['rooms']): boolean => {
  for (const room of rooms.values()) if (typeof room.last?.preview === 'string') return true;
  return false;
};

/** Which way back is missing and due to be offered. */
export function dueReminder(
  state: EngineState,
  reminders: Reminders,
  now: number,
): 'password' | 'phrase' | null {
  if (now < reminders.quietUntil || !hasSomethingToLose(state.rooms)) return null;
  if (state.self.kind === 'guest') return 'password';
  // Whether there is a phrase stands in the vault: nothing is known before it was opened online.
  if (state.self.vault !== 'open' || state.connection.status !== 'online') return null;
  return state.self.recoverable && !reminders.unconfirmed ? null : 'phrase';
}

const keyOf = (account: AccountId): string => `sotto.reminders.${account}`;

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

export function useReminders(account: AccountId): readonly [Reminders, (change: Partial<Reminders>) => void] {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(keyOf(account)));
  const change = useCallback(
    (part: Partial<Reminders>) => {
      const old = parseReminders(localStorage.getItem(keyOf(account)));
      localStorage.setItem(keyOf(account), JSON.stringify({ ...old, ...part }));
      window.dispatchEvent(new Event(CHANGED));
    },
    [account],
  );
  return [parseReminders(text), change];
}

import type { Engine, EngineState, Person, Room, Timeline, TimelineState } from '@sotto/client';
import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react';
import { useTexts } from '../texts/context.tsx';
import type { Texts } from '../texts/texts.ts';
import type { AccountId, RoomId } from './types.ts';

const EngineContext = createContext<Engine | null>(null);

export function EngineProvider({ engine, children }: { engine: Engine; children: ReactNode }) {
  return <EngineContext value={engine}>{children}</EngineContext>;
}

export function useEngine(): Engine {
  const engine = useContext(EngineContext);
  if (!engine) throw new Error('useEngine: expected to be below EngineProvider');
  return engine;
}

/**
 * A part of the engine's state (E1). `select` returns a part of the snapshot or a primitive, never a new
 * object, so that the component renders only where that part changed.
 */
export function useEngineState<T>(select: (state: EngineState) => T): T {
  const engine = useEngine();
  const subscribe = useCallback((listener: () => void) => engine.subscribe(listener), [engine]);
  return useSyncExternalStore(subscribe, () => select(engine.state));
}

export const useRoom = (room: RoomId): Room | undefined => useEngineState((state) => state.rooms.get(room));

export const usePerson = (account: AccountId | null): Person | undefined =>
  useEngineState((state) => (account === null ? undefined : state.people.get(account)));

/** The person's name as known; members of a room the directory does not list are found there. */
export function nameOf(texts: Texts, state: EngineState, account: AccountId, room?: Room): string {
  if (account === state.self.account) return state.self.name;
  const person = state.people.get(account);
  if (person) return person.name;
  const member = room?.members.find((m) => m.account === account);
  return member?.name ?? texts.people.unknown;
}

export const useName = (account: AccountId, room?: RoomId): string => {
  const texts = useTexts();
  return useEngineState((state) =>
    nameOf(texts, state, account, room === undefined ? undefined : state.rooms.get(room)),
  );
};

export function useTimeline(room: RoomId): { timeline: Timeline; state: TimelineState } {
  const timeline = useEngine().timeline(room);
  const subscribe = useCallback((listener: () => void) => timeline.subscribe(listener), [timeline]);
  return { timeline, state: useSyncExternalStore(subscribe, () => timeline.state) };
}

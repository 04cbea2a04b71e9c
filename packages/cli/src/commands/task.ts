import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Io } from '../io.ts';
import type { EngineRequest } from '../requests.ts';

/** How a command ended, as the process tells it. */
export const EXIT = { done: 0, failed: 1, usage: 2, waiting: 3 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Something asked of an open account. */
export interface Task<R extends EngineRequest = EngineRequest> {
  readonly engine: Engine;
  /** Address of the account's server. */
  readonly server: string;
  readonly request: R;
  readonly json: boolean;
  readonly io: Io;
  /** Told of a conversation that the command made or came into. */
  readonly onRoom?: (room: RoomId) => void;
}

/** Prints one value per line: as JSON, or as the person reads it. */
export function print<T>(
  { json, io }: Pick<Task, 'json' | 'io'>,
  values: readonly T[],
  asJson: (value: T) => unknown,
  asLine: (value: T) => string,
): Exit {
  for (const value of values) io.out(json ? JSON.stringify(asJson(value)) : asLine(value));
  return EXIT.done;
}

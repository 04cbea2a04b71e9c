import type { Engine } from '@sotto/client';
import type { RoomId } from '@sotto/protocol';
import type { Io } from '../io.ts';
import type { Asks } from '../session/ask.ts';
import type { Session } from '../session/enter.ts';
import type { Say } from '../texts/texts.ts';
import type { Where } from '../where.ts';
import type { Arguments } from './arguments.ts';
import type { Exit } from './exit.ts';

/** Something asked of an open account. */
export interface Task<I = unknown> {
  readonly engine: Engine;
  /** Address of the account's server. */
  readonly server: string;
  readonly input: I;
  readonly json: boolean;
  readonly io: Io;
  /** Told of a conversation that the command made or came into. */
  readonly onRoom?: (room: RoomId) => void;
}

/** Something asked of an open account that the person is asked about: never done for another process. */
export interface AskingTask<I = unknown> extends Task<I> {
  readonly asker: Asks;
  /** Answered on the full screen: for eyes, not for programs. */
  readonly onScreen: boolean;
}

/** Something asked of this terminal: accounts come and go. */
export interface MachineTask<I = unknown> {
  readonly input: I;
  readonly where: Where;
  readonly asker: Asks;
  readonly io: Io;
  /** Both ends are a terminal: the full screen can be shown. */
  readonly screen: boolean;
  /** The account that the command line means; null where none is here. @throws UsageError where another process has it */
  readonly known: () => Promise<Session | null>;
  /** The same for as long as `work` takes. @throws UsageError where none is here */
  readonly withAccount: (work: (session: Session) => Promise<void>) => Promise<void>;
  /** Shows the conversations until the person ends it. */
  readonly talk: (session: Session) => Promise<Exit>;
}

/** Something asked of what shows the conversations. */
export interface StageTask<I = unknown> {
  readonly engine: Engine;
  readonly input: I;
  readonly stage: Stage;
}

export interface Stage {
  open(room: RoomId): void;
  help(): void;
  quit(): void;
}

/** What a command still takes from standard input. */
export interface Want<I> {
  /** Null: all that comes; else its next line answers this. */
  readonly question: Say | null;
  with(text: string): I;
  /** Done instead in a client that runs: nothing is asked there. */
  readonly inside?: Request;
}

/** A command with what it is about. */
export interface Request<I = unknown> {
  readonly command: Command<I>;
  readonly input: I;
}

/** How a command is typed into a client that shows conversations, behind a slash. */
interface Slash {
  /** Where it is another one. */
  readonly name?: string;
  readonly alias?: string;
  /** Where it takes other words than the plain command. */
  readonly usage?: string;
}

interface Description<I, U extends string> {
  /** As it is typed, and what stands behind it, with options in brackets: `group add ROOM PERSON …`. */
  readonly usage: U;
  /**
   * Typed into a client that runs, behind a slash: as a rule where it is asked of an open account or of what shows the
   * conversations. A first word ROOM or PERSON is then what the open conversation says.
   */
  readonly slash?: boolean | Slash;
  /** @throws UsageError where the words do not fit together */
  read?(line: Arguments<U>): I;
  wants?(input: I): Want<I> | null;
}

/** @throws ClientError, UsageError for what cannot be done @returns nothing where it is done */
type Run<T> = { run(task: T): Promise<Exit> | Promise<void> };

type EngineDescription<I, U extends string> = Description<I, U> &
  Run<Task<I>> & {
    /** Goes on until the person ends it: other processes may use the account meanwhile. */
    readonly stays?: true;
  };

export type EngineCommand<I = unknown, U extends string = string> = EngineDescription<I, U> & {
  readonly name: string;
  readonly of: 'engine';
};
type AccountCommand<I, U extends string> = Description<I, U> &
  Run<AskingTask<I>> & { readonly name: string; readonly of: 'account' };
type MachineCommand<I, U extends string> = Description<I, U> &
  Run<MachineTask<I>> & { readonly name: string; readonly of: 'machine' };
type StageCommand<I, U extends string> = Description<I, U> &
  Run<StageTask<I>> & { readonly name: string; readonly of: 'stage' };

/** One thing that can be asked: its words, what they mean, and what is done. */
export type Command<I = unknown, U extends string = string> =
  | EngineCommand<I, U>
  | AccountCommand<I, U>
  | MachineCommand<I, U>
  | StageCommand<I, U>;

/** What comes before the words that stand for others. */
const nameIn = (usage: string): string => /^[a-z -]*[a-z]/.exec(usage)?.[0] ?? '';

/** How it is typed into a client that runs; null where it is not. */
export function slashOf({ of, slash = of === 'engine' || of === 'stage' }: Command): Slash | null {
  return slash === true ? {} : slash || null;
}

/** Asked of an account that is open, by this process or through it by another one. */
export const engineCommand = <I = undefined, const U extends string = string>(
  described: EngineDescription<I, U>,
): EngineCommand<I, U> => ({ ...described, name: nameIn(described.usage), of: 'engine' });

/** Asked of an account that is open, by the person in front of it. */
export const accountCommand = <I = undefined, const U extends string = string>(
  described: Description<I, U> & Run<AskingTask<I>>,
): AccountCommand<I, U> => ({ ...described, name: nameIn(described.usage), of: 'account' });

/** Asked of this terminal. */
export const machineCommand = <I = undefined, const U extends string = string>(
  described: Description<I, U> & Run<MachineTask<I>>,
): MachineCommand<I, U> => ({ ...described, name: nameIn(described.usage), of: 'machine' });

/** Asked of what shows the conversations. */
export const stageCommand = <I = undefined, const U extends string = string>(
  described: Description<I, U> & Run<StageTask<I>>,
): StageCommand<I, U> => ({ ...described, name: nameIn(described.usage), of: 'stage' });

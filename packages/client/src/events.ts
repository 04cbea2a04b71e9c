import type { ToldChange } from '@sotto/crypto';
import type { AccountId, MessageId, RoomId } from '@sotto/protocol';
import type { FileSummary, Trust } from './state.ts';

/**
 * What others do, for bots and interfaces: as it arrives, also what came in a break of the connection; each once, in the order
 * of its conversation, never for history. Attack 48: nothing of rooms that were not accepted, nor of people who are blocked.
 */
export type EngineEvent = IncomingMessage | MessageChange | MemberEvent | TrustEvent;

export interface Events {
  /** @returns unsubscribe */
  on(listener: (event: EngineEvent) => void): () => void;
}

/** Where in which conversation, by whom and when. */
interface LogFacts {
  readonly room: RoomId;
  readonly position: number;
  readonly account: AccountId;
  /** Server time, in milliseconds since 1970. */
  readonly time: number;
}

export interface IncomingMessage extends LogFacts {
  readonly type: 'message';
  readonly id: MessageId;
  /** Of a message with files (M6) their caption; it may be empty. */
  readonly body: string;
  readonly files?: FileSummary;
  /** Log position of the message that it answers. */
  readonly reply?: number;
  readonly mentions: readonly AccountId[];
  readonly mentionsSelf: boolean;
  readonly muted: boolean;
}

/** Edits, deletions, reactions: what the kinds of content say of themselves (`@sotto/crypto`, `message/kinds`). */
export type MessageChange = LogFacts & {
  readonly id: MessageId;
  /** Log position of the message it is about. */
  readonly target: number;
} & ToldChange;

/** `member` came into a conversation or is in it no more; of that `account` is the author. */
export interface MemberEvent extends LogFacts {
  readonly type: 'joined' | 'left' | 'removed';
  readonly member: AccountId;
}

/** K4: somebody's key changed, or this account, on any of its devices, accepted or verified it. */
export interface TrustEvent {
  readonly type: 'trust';
  readonly account: AccountId;
  readonly before: Trust;
  readonly trust: Trust;
}

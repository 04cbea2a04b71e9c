import type { RoomId } from '@sotto/protocol';
import { type Draft, EMPTY } from './draft.ts';

/** Where keys go when nothing lies above: the list, the message being written, or a choice among the messages. */
export type Focus = 'list' | 'write' | 'select';

/** A question in the bottom bar. */
export interface Prompt {
  readonly question: string;
  /** What is typed is not shown. */
  readonly secret: boolean;
  readonly draft: Draft;
  /** Null where the person gave up. */
  readonly answer: (text: string | null) => void;
}

/** An answer that takes more than a line, above the conversation. */
export interface Panel {
  readonly title: string;
  readonly lines: readonly string[];
  /** Lines scrolled out of sight at the top. */
  readonly from: number;
}

/** What the message being written does to another one. */
export interface Target {
  readonly type: 'reply' | 'edit';
  readonly position: number;
}

/** What the screen shows beyond what the engine knows. */
export interface View {
  readonly focus: Focus;
  readonly panel: Panel | null;
  readonly prompt: Prompt | null;
  /** Key of the chosen line in the list; null: the first. */
  readonly chosen: string | null;
  readonly room: RoomId | null;
  readonly draft: Draft;
  readonly target: Target | null;
  /** What was being written before an edit; it comes back behind it. */
  readonly aside: Draft;
  /** Key of the chosen message. */
  readonly selected: string | null;
  /** Lines scrolled out of sight at the bottom. */
  readonly scrolled: number;
  /** What just happened; empty where nothing did. */
  readonly note: string;
}

export const FIRST_VIEW: View = {
  focus: 'list',
  panel: null,
  prompt: null,
  chosen: null,
  room: null,
  draft: EMPTY,
  target: null,
  aside: EMPTY,
  selected: null,
  scrolled: 0,
  note: '',
};

/** What keys mean now: a question goes before an answer, and both before what lies below. */
export type Mode = Focus | 'prompt' | 'panel';

export const modeOf = ({ prompt, panel, focus }: View): Mode => (prompt ? 'prompt' : panel ? 'panel' : focus);

/** How the window is divided; a narrow one shows the list or the conversation. */
export function layoutOf({ columns, rows }: { columns: number; rows: number }): {
  readonly narrow: boolean;
  readonly list: number;
  readonly conversation: number;
  readonly height: number;
} {
  const height = Math.max(6, rows - 2); // the bars above and below
  const narrow = columns < 60;
  if (narrow) return { narrow, list: columns, conversation: columns, height };
  const list = Math.max(22, Math.min(36, Math.floor(columns * 0.3)));
  return { narrow, list, conversation: columns - list, height };
}

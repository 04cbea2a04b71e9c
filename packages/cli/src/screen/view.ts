import type { RoomId } from '@sotto/protocol';
import { type Draft, EMPTY } from './draft.ts';
import type { Focus } from './keys.ts';

/** What the screen shows beyond what the engine knows. */
export interface View {
  readonly focus: Focus;
  readonly help: boolean;
  /** Key of the chosen line in the list; null: the first. */
  readonly chosen: string | null;
  readonly room: RoomId | null;
  readonly draft: Draft;
  /** Lines scrolled out of sight at the bottom. */
  readonly scrolled: number;
  /** What just happened; empty where nothing did. */
  readonly note: string;
}

export const FIRST_VIEW: View = {
  focus: 'list',
  help: false,
  chosen: null,
  room: null,
  draft: EMPTY,
  scrolled: 0,
  note: '',
};

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

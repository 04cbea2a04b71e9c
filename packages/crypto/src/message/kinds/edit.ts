import { isPosition, isText } from './fields.ts';
import type { Changing, Line } from './kind.ts';

export interface Edit {
  readonly kind: 'edit';
  readonly target: number;
  readonly body: string;
}

/** The message says something else now. */
export interface Edited {
  readonly type: 'edited';
  readonly body: string;
}

export const edit: Changing<Edit, Edited> = {
  does: 'change',
  by: 'author',
  encode: ({ target, body }) => ({ target, body }),
  decode: ({ target, body }) =>
    isPosition(target) && isText(body) ? { kind: 'edit', target, body } : undefined,
  told: ({ body }) => ({ type: 'edited', body }),
  change: (line, { body }, { time }) => (isEditable(line) ? { ...line, body, edited: time } : line),
};

const isEditable = (line: Line): line is Line & { readonly edited: number | null } => 'edited' in line;

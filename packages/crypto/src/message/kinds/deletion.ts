import { isPosition } from './fields.ts';
import type { Changing, Line } from './kind.ts';

export interface Deletion {
  readonly kind: 'delete';
  readonly target: number;
}

/** What is left of a message that its author took back. */
export interface DeletedLine extends Line {
  readonly kind: 'deleted';
}

const DELETED: DeletedLine = { kind: 'deleted', body: '', reactions: [] };

export const deletion: Changing<Deletion, { readonly type: 'deleted' }> = {
  does: 'change',
  by: 'author',
  encode: ({ target }) => ({ target }),
  decode: ({ target }) => (isPosition(target) ? { kind: 'delete', target } : undefined),
  told: () => ({ type: 'deleted' }),
  change: () => DELETED,
};

/** The log position of the message that it takes back, where that is what it does. */
export const deletedBy = (content: { readonly kind: string; readonly target?: number }): number | null =>
  content.kind === 'delete' ? (content.target ?? null) : null;

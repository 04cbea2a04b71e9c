/** What is being written, and where the cursor stands in it: an offset into `text`. */
export interface Draft {
  readonly text: string;
  readonly cursor: number;
}

export type Edit =
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'left' | 'right' | 'start' | 'end' | 'erase' | 'erase-word' | 'erase-line' };

export const EMPTY: Draft = { text: '', cursor: 0 };

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One step of editing. Moves and erases by what a reader sees as one character. */
export function edit(draft: Draft, step: Edit): Draft {
  const { text, cursor } = draft;
  switch (step.type) {
    case 'insert': {
      const added = step.text.replace(/\r\n?/g, '\n');
      return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
    }
    case 'left':
      return { text, cursor: before(draft) };
    case 'right':
      return { text, cursor: cursor + (first(text.slice(cursor))?.length ?? 0) };
    case 'start':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'erase':
      return cut(draft, before(draft));
    case 'erase-word':
      return cut(draft, text.slice(0, cursor).replace(/\S*\s*$/u, '').length);
    case 'erase-line':
      return cut(draft, 0);
  }
}

/** The character under the cursor, for showing it. */
export const underCursor = ({ text, cursor }: Draft): string => first(text.slice(cursor)) ?? '';

const first = (text: string): string | undefined =>
  graphemes.segment(text)[Symbol.iterator]().next().value?.segment;

function before({ text, cursor }: Draft): number {
  return [...graphemes.segment(text.slice(0, cursor))].at(-1)?.index ?? 0;
}

function cut({ text, cursor }: Draft, from: number): Draft {
  return { text: text.slice(0, from) + text.slice(cursor), cursor: from };
}

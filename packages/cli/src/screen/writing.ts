import type { Draft } from '@sotto/client';
import { EMPTY } from './draft.ts';
import type { View } from './view.ts';

/** What is being written as it rests: text, answer and edit together. */
export function draftOf({ draft, target, aside }: View): Draft {
  if (target?.type !== 'edit') return { text: draft.text, reply: target?.position ?? null, edit: null };
  return { text: aside.text, reply: null, edit: { position: target.position, text: draft.text } };
}

/** The same, to go on with. */
export function writingOf({ text, reply, edit }: Draft): Pick<View, 'draft' | 'target' | 'aside'> {
  const written = (words: string) => ({ text: words, cursor: words.length });
  if (edit) {
    const target = { type: 'edit', position: edit.position } as const;
    return { draft: written(edit.text), target, aside: written(text) };
  }
  const target = reply === null ? null : ({ type: 'reply', position: reply } as const);
  return { draft: written(text), target, aside: EMPTY };
}

export const isSameDraft = (a: Draft, b: Draft): boolean =>
  a.text === b.text &&
  a.reply === b.reply &&
  a.edit?.position === b.edit?.position &&
  a.edit?.text === b.edit?.text;

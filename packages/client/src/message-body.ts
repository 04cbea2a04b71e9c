import type { Draft } from './state.ts';

export const NO_DRAFT: Draft = { text: '', reply: null, edit: null };

/** What was typed, as it is sent: only blank lines before it and blanks behind it are cut. */
export const messageBody = (typed: string): string => typed.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();

import { type DeletedLine, deletion } from './deletion.ts';
import { edit } from './edit.ts';
import { files } from './files.ts';
import type { Changing, Form, Saying } from './kind.ts';
import { reaction } from './reaction.ts';
import { receipt } from './receipt.ts';
import { text } from './text.ts';
import { typing } from './typing.ts';
import type { Unknown, UnknownLine } from './unknown.ts';

/** All kinds of content by their names on the wire (M4): what a new one needs here is its line. */
export const KINDS = { text, files, edit, delete: deletion, reaction, typing, receipt };

type Kinds = typeof KINDS;
/** All but what is not known here. */
export type Known = { [K in keyof Kinds]: Kinds[K] extends Form<infer C> ? C : never }[keyof Kinds];

/** M4: what a message says. Targets and replies are log positions. */
export type Content = Known | Unknown;

/** What a message shows that nothing was done to. */
export type Shown = {
  [K in keyof Kinds]: Kinds[K] extends Saying<infer _, infer S> ? S : never;
}[keyof Kinds];

/** What is told of a change to a message, by what was done to it. */
export type ToldChange = {
  [K in keyof Kinds]: Kinds[K] extends Changing<infer _, infer T> ? T : never;
}[keyof Kinds];

/** What a message shows, by what it is by now. */
export type MessageLine = Shown | DeletedLine | UnknownLine;

import {
  type Content,
  KINDS,
  type Known,
  type MessageLine,
  type Shown,
  type ToldChange,
} from './kinds/index.ts';
import type { Changer, Changing, Said, Saying } from './kinds/kind.ts';
import { showUnknown } from './kinds/unknown.ts';

/** A kind of content, as one that takes any: whoever looks it up by the content's own name gives it that content. */
const kindOf = ({ kind }: Known) =>
  KINDS[kind] as Saying<Known, Shown> | Changing<Known & { target: number }> | { readonly does: 'pass' };

/** True for what stands as a line of its own, and counts as unread. */
export const says = (content: Content): boolean =>
  content.kind === 'unknown' || kindOf(content).does === 'say';

/** What lists, notifications and search know of it; null of a kind that says nothing, or is not known. */
export function saidOf(content: Content): Said | null {
  if (content.kind === 'unknown') return null;
  const kind = kindOf(content);
  return kind.does === 'say' ? kind.said(content) : null;
}

/** The line it stands as in a conversation; null where it is none of its own. */
export function showContent(content: Content): MessageLine | null {
  if (content.kind === 'unknown') return showUnknown(content);
  const kind = kindOf(content);
  return kind.does === 'say' ? kind.show(content) : null;
}

/** Whether `body` may take the place of what it says, as its author wants it. */
export function takesBody(content: Content, body: string): boolean {
  if (content.kind === 'unknown') return false;
  const kind = kindOf(content);
  return kind.does === 'say' && kind.takes?.(body) === true;
}

/** What a content does to another message, where it does. */
export interface Change {
  /** Log position of the message. */
  readonly target: number;
  readonly by: 'author' | 'anyone';
  readonly told: ToldChange;
  apply(line: MessageLine, from: Changer): MessageLine;
}

/** Attack 30: whether it counts, coming from `by`, for a message of `author`. */
export const mayChange = ({ by: whose }: Pick<Change, 'by'>, author: string | null, by: string): boolean =>
  whose === 'anyone' || author === by;

export function changeOf(content: Content): Change | null {
  if (content.kind === 'unknown' || !('target' in content)) return null;
  const kind = kindOf(content);
  if (kind.does !== 'change') return null;
  const { target } = content;
  // A change keeps a line what it is, or deletes it.
  const apply = (line: MessageLine, from: Changer) => kind.change(line, content, from) as MessageLine;
  return { target, by: kind.by, told: kind.told(content) as ToldChange, apply };
}

import { matches } from '../list/matching.ts';
import { EMOJI, type Emoji } from './emoji.ts';

/** What is being completed at the caret: from the sign at `from` to the caret. */
export interface Completing {
  readonly kind: 'member' | 'emoji';
  readonly from: number;
  readonly query: string;
}

const MEMBER = /(?:^|[\s(])@([\p{L}\p{N}._'-]*(?: [\p{L}\p{N}._'-]*)?)$/u;
const EMOJI_NAME = /(?:^|[\s(]):([a-z0-9_+-]{2,})$/i;
const FAR_ENOUGH = 60;

/** @returns null where there is nothing to complete */
export function completingAt(text: string, caret: number): Completing | null {
  const before = text.slice(Math.max(0, caret - FAR_ENOUGH), caret);
  const member = MEMBER.exec(before)?.[1];
  if (member !== undefined) return { kind: 'member', from: caret - member.length - 1, query: member };
  const emoji = EMOJI_NAME.exec(before)?.[1];
  if (emoji !== undefined) return { kind: 'emoji', from: caret - emoji.length - 1, query: emoji };
  return null;
}

const SUGGESTED = 6;

export function suggestMembers(names: readonly string[], query: string): readonly string[] {
  return names.filter((name) => matches(name, query)).slice(0, SUGGESTED);
}

/** Names that begin with the query come first. */
export function suggestEmoji(query: string, count = SUGGESTED): readonly Emoji[] {
  const wanted = query.toLowerCase().replaceAll('_', ' ').trim();
  const found = EMOJI.filter((emoji) => emoji.name.includes(wanted));
  return found
    .toSorted((a, b) => Number(b.name.startsWith(wanted)) - Number(a.name.startsWith(wanted)))
    .slice(0, count);
}

/** The text with what was being completed replaced, and where the caret goes. */
export function complete(
  text: string,
  completing: Completing,
  caret: number,
  insert: string,
): { readonly text: string; readonly caret: number } {
  const head = `${text.slice(0, completing.from)}${insert} `;
  const tail = text.slice(caret).replace(/^ /, '');
  return { text: head + tail, caret: head.length };
}

import { type Link, linkAt } from './link.ts';

/** What a message body consists of; everything is rendered as text nodes (attack 31). */
export type Token =
  | { readonly type: 'text'; readonly text: string }
  | Link
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'block'; readonly text: string }
  | { readonly type: 'mention'; readonly text: string; readonly name: string };

const FENCE = /```(?:[\w+-]{0,20}\n)?([\s\S]+?)```/g;
/** Places that are looked at in one body; what is behind them is text: nobody writes so many, and a page draws them all. */
const MOST = 1_000;
const INLINE = /`([^`\n]+)`|https?:(?=\/\/)|@/gi;

/**
 * Splits a body into text, links (http and https only), code, and mentions of the given names. Linear in
 * the length of the body, so that nothing a sender writes can stall the page.
 */
export function tokenize(body: string, names: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const fence of body.matchAll(FENCE)) {
    if (tokens.length >= MOST) break;
    inline(body.slice(from, fence.index).replace(/\n$/, ''), names, tokens);
    tokens.push({ type: 'block', text: (fence[1] ?? '').replace(/\n$/, '') });
    from = fence.index + fence[0].length;
    if (body[from] === '\n') from += 1;
  }
  inline(body.slice(from), names, tokens);
  return tokens;
}

function inline(text: string, names: readonly string[], tokens: Token[]): void {
  let from = 0;
  const pushText = (until: number) => {
    if (until > from) tokens.push({ type: 'text', text: text.slice(from, until) });
  };
  let looked = tokens.length;
  for (const match of text.matchAll(INLINE)) {
    if (match.index < from) continue;
    looked += 1;
    if (looked > MOST) break;
    const token = match[0] === '@' ? mentionAt(text, match.index, names) : special(text, match);
    if (!token) continue;
    pushText(match.index);
    tokens.push(token);
    from = match.index + (token.type === 'code' ? token.text.length + 2 : token.text.length);
  }
  pushText(text.length);
}

function special(text: string, { index, 0: whole, 1: code }: RegExpExecArray): Token | null {
  return code === undefined ? linkAt(text, index, whole) : { type: 'code', text: code };
}

/** A mention stands alone: not inside of an address, and not the beginning of a longer name. */
function mentionAt(text: string, at: number, names: readonly string[]): Token | null {
  if (at > 0 && /[\p{L}\p{N}_]/u.test(text[at - 1] ?? '')) return null;
  let best: string | undefined;
  for (const name of names) {
    if (best !== undefined && name.length <= best.length) continue;
    const written = text.slice(at + 1, at + 1 + name.length);
    if (written.toLowerCase() !== name.toLowerCase()) continue;
    if (/[\p{L}\p{N}_]/u.test(text[at + 1 + name.length] ?? '')) continue;
    best = name;
  }
  return best === undefined
    ? null
    : { type: 'mention', text: text.slice(at, at + 1 + best.length), name: best };
}

/** Whole emoji by Unicode's list of those for interchange (UTS 51): flags, keycaps and families too. */
const EMOJI_ONLY = /^(?:\p{RGI_Emoji}\s?){1,3}$/v;

/** Up to three emoji and nothing else are shown large. */
export const isEmojiOnly = (body: string): boolean => body.length <= 120 && EMOJI_ONLY.test(body);

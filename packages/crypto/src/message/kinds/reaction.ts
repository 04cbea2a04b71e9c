import { isPosition } from './fields.ts';
import type { Changing, ReactionLine } from './kind.ts';

export interface Reaction {
  readonly kind: 'reaction';
  readonly target: number;
  readonly emoji: string;
  readonly on: boolean;
}

/** UTF-16 units of one reaction. */
const EMOJI_LIMIT = 64;
/** Attack 29: different reactions that one message shows; further ones are left out. */
const SHOWN = 40;

const isEmoji = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= EMOJI_LIMIT;

/** Somebody reacted to the message, or took that back. */
export interface Reacted {
  readonly type: 'reaction';
  readonly emoji: string;
  readonly on: boolean;
}

export const reaction: Changing<Reaction, Reacted> = {
  does: 'change',
  by: 'anyone',
  encode: ({ target, emoji, on }) => ({ target, emoji, on }),
  decode: ({ target, emoji, on }) =>
    isPosition(target) && isEmoji(emoji) && typeof on === 'boolean'
      ? { kind: 'reaction', target, emoji, on }
      : undefined,
  told: ({ emoji, on }) => ({ type: 'reaction', emoji, on }),
  change(line, { emoji, on }, { account, reader }) {
    if (line.kind === 'deleted') return line;
    const { reactions } = line;
    const old = reactions.find((r) => r.emoji === emoji)?.accounts ?? [];
    const without = old.filter((a) => a !== account);
    const accounts = on ? [...without, account] : without;
    const next = { emoji, accounts, own: accounts.includes(reader) };
    return { ...line, reactions: withReaction(reactions, next, old.length > 0) };
  },
};

function withReaction(
  reactions: readonly ReactionLine[],
  next: ReactionLine,
  known: boolean,
): readonly ReactionLine[] {
  if (next.accounts.length === 0) return reactions.filter((r) => r.emoji !== next.emoji);
  if (!known) return reactions.length < SHOWN ? [...reactions, next] : reactions;
  return reactions.map((r) => (r.emoji === next.emoji ? next : r));
}

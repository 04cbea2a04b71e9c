import type { AccountId, CborValue } from '@sotto/protocol';
import type { Attachment } from '../attachment.ts';

/** The fields of a content's CBOR map, before anything of them is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** M4: the form of one kind on the wire. */
export interface Form<C> {
  /** What stands beside `v` and `kind`. */
  encode(content: C): { readonly [field: string]: CborValue };
  /** @returns undefined where a field has another form than the kind's */
  decode(fields: Fields): C | undefined;
}

/** A kind that says something: a line of its own, counted as unread and told of. */
export interface Saying<C, S extends Line> extends Form<C> {
  readonly does: 'say';
  said(content: C): Said;
  /** As the conversation shows it before anything changed it. */
  show(content: C): S;
  /** Whether its author may put these words in the place of its own; absent where it has none to change. */
  readonly takes?: (body: string) => boolean;
}

/** A kind that changes what another entry said; whom it is from decides whether it counts (attack 30). */
export interface Changing<C, T extends Told = Told> extends Form<C> {
  readonly does: 'change';
  readonly by: 'author' | 'anyone';
  /** What bots and interfaces are told when it comes, beside whose it is and what it changes. */
  told(content: C): T;
  change(line: Line, content: C, from: Changer): Line;
}

/** An event by its name. */
export interface Told {
  readonly type: string;
}

/** A kind that is passed on and never stands in a log. */
export interface Passing<C> extends Form<C> {
  readonly does: 'pass';
}

/** What lists, notifications and search know of a message. */
export interface Said {
  /** '' where it says nothing in words. */
  readonly body: string;
  readonly files: readonly Attachment[];
  readonly mentions: readonly AccountId[];
  /** Log position of the message that it answers. */
  readonly reply: number | undefined;
}

/** What every line of a conversation has, whatever its kind. */
export interface Line {
  readonly kind: string;
  readonly body: string;
  readonly reactions: readonly ReactionLine[];
}

export interface ReactionLine {
  readonly emoji: string;
  readonly accounts: readonly AccountId[];
  /** This account is among them. */
  readonly own: boolean;
}

/** Who changes a line, when (milliseconds since 1970), and which account looks at it. */
export interface Changer {
  readonly account: AccountId;
  readonly time: number;
  readonly reader: AccountId;
}

import type { GetICUArgs } from '@schummar/icu-type-parser';

/** Messages in the ICU's syntax, by name, in groups: `{ list: { unread: '{count, plural, one {# message} other {# messages}}' } }`. */
export interface Catalogue {
  readonly [name: string]: string | Catalogue;
}

/** A catalogue of another language: the same names as `C`, other words. */
export type Like<C> = { readonly [Name in keyof C]: C[Name] extends string ? string : Like<C[Name]> };

/** What a message is told: a number where it counts, one of its options where it selects, else what is to stand there. */
type Values<Message extends string> = GetICUArgs<
  Message,
  { ICUNumberArgument: number; ICUArgument: string | number; ICUDateArgument: never }
>;

type Said<Message extends string> = keyof Values<Message> extends never
  ? string
  : (values: Values<Message>) => string;

/** `C` in one language, ready to be shown: strings, and functions of what a message has to be told. */
export type Speech<C> = {
  readonly [Name in keyof C]: C[Name] extends string ? Said<C[Name]> : Speech<C[Name]>;
};

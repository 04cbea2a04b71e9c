import { type Formatters, IntlMessageFormat } from 'intl-messageformat';
import type { Catalogue, Like, Speech } from './catalogue.ts';
import { parametersOf } from './elements.ts';

type Message = ConstructorParameters<typeof IntlMessageFormat>[0];
type Said = string | ((values: Readonly<Record<string, unknown>>) => string) | { [name: string]: Said };

/**
 * Speaks a catalogue in the language of `locale`. Each message is read when it is first said, and kept.
 *
 * Nothing that is said throws, whatever somebody sent (attack 41): what is neither text nor a number stands as nothing.
 *
 * @param locale a BCP 47 tag; its plural rules and its digits count
 * @throws RangeError where `locale` is no such tag
 */
export function speak<const C extends Catalogue>(catalogue: C | Like<C>, locale: string): Speech<C> {
  const formatters = formattersOf(locale);
  const say = (entry: unknown): Said => {
    if (typeof entry === 'string' && !entry.includes('{')) return entry;
    if (typeof entry === 'string' || Array.isArray(entry)) return saying(entry, locale, formatters);
    return Object.fromEntries(
      Object.entries(entry as object).map(([name, inner]) => [name, say(inner)] as const),
    );
  };
  return say(catalogue) as Speech<C>;
}

function saying(message: Message, locale: string, formatters: Formatters): Said {
  let read: { readonly format: IntlMessageFormat; readonly names: ReadonlySet<string> } | undefined;
  return (values) => {
    if (!read) {
      const format = new IntlMessageFormat(message, locale, undefined, { formatters, ignoreTag: true });
      read = { format, names: parametersOf(format.getAst()) };
    }
    const fit = Object.fromEntries([...read.names].map((name) => [name, fitting(values[name])]));
    return String(read.format.format(fit));
  };
}

/** One of each for a whole catalogue: making them costs more than all they ever format. */
function formattersOf(locale: string): Formatters {
  const numbers = new Intl.NumberFormat(locale);
  const counts = new Intl.PluralRules(locale);
  const places = new Intl.PluralRules(locale, { type: 'ordinal' });
  return {
    getNumberFormat: () => numbers,
    getPluralRules: (_locale, options) => (options?.type === 'ordinal' ? places : counts),
    getDateTimeFormat: () => {
      throw new Error('speak: a catalogue has no dates; they are told as text');
    },
  };
}

const fitting = (value: unknown): string | number =>
  typeof value === 'string' || typeof value === 'number' ? value : '';

import { isDate } from '@sotto/client';
import type { Speech } from '@sotto/words';
import type { first } from './en/first.ts';
import { sizes } from './size.ts';
import { daysBetween, sameYear } from './time.ts';

/** Times, numbers and lists in the reader's language. Nothing here throws, whatever somebody sent (attack 41). */
export interface Local {
  readonly number: (value: number) => string;
  /** Of bytes. */
  readonly size: (bytes: number) => string;
  /** `Ann, Bo and Cy`. */
  readonly and: (names: readonly string[]) => string;
  readonly clock: (time: number) => string;
  readonly exact: (time: number) => string;
  /** For a conversation list: the time today, the weekday this week, else the date. */
  readonly short: (time: number, now: number) => string;
  /** Milliseconds, in the largest unit that fits: `2 days`. */
  readonly span: (time: number) => string;
  /** For the line between two days of a conversation. */
  readonly day: (time: number, now: number) => string;
  /** When somebody was last online. */
  readonly seen: (time: number | null, now: number) => string;
}

export function createLocal(locale: string, texts: Speech<typeof first>): Local {
  /** Says that it is none, where the platform would throw. */
  const total = (options: Intl.DateTimeFormatOptions): ((time: number) => string) => {
    let format: Intl.DateTimeFormat | undefined;
    return (time) => {
      format ??= new Intl.DateTimeFormat(locale, options);
      return isDate(time) ? format.format(time) : texts.time.unknown;
    };
  };
  const numbers = new Intl.NumberFormat(locale);
  const list = new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' });
  const clock = total({ hour: '2-digit', minute: '2-digit' });
  const weekday = total({ weekday: 'short' });
  const shortDate = total({ day: 'numeric', month: 'short' });
  const fullDate = total({ dateStyle: 'short' });
  const dayName = total({ weekday: 'long', day: 'numeric', month: 'long' });
  const dayAndYear = total({ dateStyle: 'long' });

  const short = (time: number, now: number): string => {
    const days = daysBetween(time, now);
    if (days <= 0) return clock(time);
    if (days === 1) return texts.time.yesterday;
    if (days < 7) return weekday(time);
    return sameYear(time, now) ? shortDate(time) : fullDate(time);
  };
  const seen = (time: number | null, now: number): string => {
    const t = texts.presence;
    if (time === null) return t.offline;
    const minutes = Math.floor((now - time) / 60_000);
    if (minutes < 1) return t.justNow;
    if (minutes < 60) return t.minutes({ count: minutes });
    const hours = Math.floor(minutes / 60);
    return hours < 24 ? t.hours({ count: hours }) : t.on({ when: short(time, now) });
  };
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const span = (time: number): string => {
    const [unit, size] = units.find(([, size]) => time >= size) ?? ['minute', 60_000];
    const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
    return format.format(Math.round(time / size));
  };
  return {
    span,
    number: (value) => numbers.format(value),
    size: sizes(locale),
    and: (names) => list.format(names),
    clock,
    exact: total({ dateStyle: 'medium', timeStyle: 'medium' }),
    short,
    day: (time, now) => {
      const days = daysBetween(time, now);
      if (days === 0) return texts.time.today;
      if (days === 1) return texts.time.yesterday;
      return sameYear(time, now) ? dayName(time) : dayAndYear(time);
    },
    seen,
  };
}

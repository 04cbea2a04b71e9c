import { texts } from './index.ts';

const LOCALE: string | undefined = undefined;
const clock = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'short' });
const shortDate = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'short' });
const dayName = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });
const dayAndYear = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long' });
const numbers = new Intl.NumberFormat(LOCALE);

const DAY = 86_400_000;

const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** Whole days between the local days of both times. */
const daysBetween = (earlier: number, later: number): number =>
  Math.round((midnight(later) - midnight(earlier)) / DAY);

export const sameDay = (a: number, b: number): boolean => midnight(a) === midnight(b);

export const clockTime = (time: number): string => clock.format(time);
export const exactTime = (time: number): string => exact.format(time);
export const number = (value: number): string => numbers.format(value);

/** For a conversation list: the time today, the weekday this week, else the date. */
export function listTime(time: number, now: number): string {
  const days = daysBetween(time, now);
  if (days <= 0) return clock.format(time);
  if (days === 1) return texts.time.yesterday;
  if (days < 7) return weekday.format(time);
  return new Date(time).getFullYear() === new Date(now).getFullYear()
    ? shortDate.format(time)
    : fullDate.format(time);
}

/** For the line between two days of a conversation. */
export function dayLabel(time: number, now: number): string {
  const days = daysBetween(time, now);
  if (days === 0) return texts.time.today;
  if (days === 1) return texts.time.yesterday;
  return new Date(time).getFullYear() === new Date(now).getFullYear()
    ? dayName.format(time)
    : dayAndYear.format(time);
}

export function lastSeen(time: number | null, now: number): string {
  if (time === null) return texts.people.offline;
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return texts.people.seenJustNow;
  if (minutes < 60) return texts.people.seenMinutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return texts.people.seenHours(hours);
  return texts.people.seenOn(listTime(time, now));
}

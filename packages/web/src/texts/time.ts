import { isoTime } from '@sotto/client';

/* Times as machines read them, and days; in whose language they are told is in `local.ts`. */

const DAY = 86_400_000;

const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** Whole days between the local days of both times. */
export const daysBetween = (earlier: number, later: number): number =>
  Math.round((midnight(later) - midnight(earlier)) / DAY);

export const sameYear = (a: number, b: number): boolean =>
  new Date(a).getFullYear() === new Date(b).getFullYear();

export const sameDay = (a: number, b: number): boolean => Object.is(midnight(a), midnight(b));

/** For the `dateTime` of a `time` element; undefined where it is none. */
export const machineTime = (time: number): string | undefined => isoTime(time) ?? undefined;
export const machineDay = (time: number): string | undefined => isoTime(time)?.split('T', 1)[0];

/** In the names of files. */
export const today = (): string => machineDay(Date.now()) ?? '';

/** Milliseconds since 1970 that a date can have (ECMA-262, §21.4.1.1); beyond, the platform's formatters throw. */
const FARTHEST = 8.64e15;

/** Whether this can be told as a date at all. */
export const isDate = (time: number): boolean => Math.abs(time) <= FARTHEST; // not of NaN

/** A time as RFC 3339 writes it; null where it is none: what somebody else sent never makes this throw (attack 41). */
export const isoTime = (time: number): string | null => (isDate(time) ? new Date(time).toISOString() : null);

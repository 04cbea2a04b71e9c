import { isDate, isoTime } from '@sotto/client';

/*
 * Attack 41: every time that is shown goes through here, and nothing here throws, whatever somebody sent.
 */

/** For `--json`; null where it is no time. */
export const iso = (time: number | null): string | null => (time === null ? null : isoTime(time));

export const day = (time: number): string => isoTime(time)?.split('T', 1)[0] ?? '????-??-??';

/** To the minute, of UTC. */
export const minute = (time: number): string =>
  isoTime(time)?.replace('T', ' ').slice(0, 16) ?? '????-??-?? ??:??';

/** Of the local day. */
export const clock = (time: number): string =>
  isDate(time) ? new Date(time).toTimeString().slice(0, 5) : '--:--';

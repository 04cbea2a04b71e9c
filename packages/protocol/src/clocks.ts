import { LIMITS } from './limits.ts';

/**
 * Attack 40: the one rule for what somebody dates by a clock of their own: it lies near the time that the log gives
 * its entry.
 * @param at milliseconds since 1970, as signed
 * @param time of the entry
 */
export const isDated = (at: number, time: number): boolean => Math.abs(at - time) <= LIMITS.headerSkew;

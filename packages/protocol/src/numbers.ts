import * as v from 'valibot';
import { LIMITS } from './limits.ts';

/** Positions, epochs, versions, counters, sizes: `isCount` as a schema. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMITS.count));
/** Those of what begins at one. */
export const positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.count));
/** Milliseconds since 1970: what every calendar can show. */
export const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIMITS.time));

/** @param most where fewer are allowed */
export const isCount = (value: unknown, most: number = LIMITS.count): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** Decimal, in the one way to write it. */
const DIGITS = /^(?:0|[1-9]\d{0,14})$/;

/** A count from a path, a query or a header; undefined where it is none. */
export function parseCount(text: string, most: number = LIMITS.count): number | undefined {
  const value = Number(text);
  return DIGITS.test(text) && isCount(value, most) ? value : undefined;
}
